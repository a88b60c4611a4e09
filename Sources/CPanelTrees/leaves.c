#include "CPanelTrees.h"
#include "dispatch.h"

#include <stdio.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

PANEL_INLINE int is_in(const uint64_t *set, unsigned bin) { return set[bin >> 6] >> (bin & 63) & 1; }

/* The slots of a word for which a condition on `bin` holds; slots not in the leaf are skipped. */
#define PANEL_SELECT(bin_type, condition)                                        \
  do {                                                                           \
    const bin_type *row = (const bin_type *)bins + word * 64;                    \
    for (uint64_t rest = slots; rest; rest &= rest - 1) {                        \
      int slot = __builtin_ctzll(rest);                                          \
      unsigned bin = row[slot];                                                  \
      kept |= (uint64_t)(condition) << slot;                                     \
    }                                                                            \
  } while (0)

#define PANEL_SPLIT(condition)                                                   \
  for (size_t word = first_word; word < end_word; word++) {                      \
    uint64_t slots = left[word], kept = 0;                                       \
    if (slots) {                                                                 \
      if (bytes_per_bin == 1) PANEL_SELECT(uint8_t, condition);                  \
      else PANEL_SELECT(uint16_t, condition);                                    \
    }                                                                            \
    left[word] = kept;                                                           \
    right[word] = slots & ~kept;                                                 \
  }

#if defined(__x86_64__)
PANEL_AVX2 static uint64_t select_bytes(const uint8_t *row, __m256i threshold, __m256i also) {
  uint64_t kept = 0;
  for (int half = 0; half < 2; half++) {
    __m256i bins = _mm256_loadu_si256((const __m256i *)(row + 32 * half));
    __m256i low = _mm256_cmpeq_epi8(_mm256_min_epu8(bins, threshold), bins);
    __m256i either = _mm256_or_si256(low, _mm256_cmpeq_epi8(bins, also));
    kept |= (uint64_t)(uint32_t)_mm256_movemask_epi8(either) << (32 * half);
  }
  return kept;
}

PANEL_AVX2 static void split_bytes(
    const uint8_t *bins, int32_t threshold, int32_t also_left, size_t first_word, size_t end_word,
    uint64_t *left, uint64_t *right) {
  __m256i limit = _mm256_set1_epi8((char)threshold);
  __m256i also = _mm256_set1_epi8((char)(also_left < 0 ? threshold : also_left));
  for (size_t word = first_word; word < end_word; word++) {
    uint64_t slots = left[word];
    uint64_t kept = slots ? slots & select_bytes(bins + word * 64, limit, also) : 0;
    left[word] = kept;
    right[word] = slots & ~kept;
  }
}
#endif

void panel_split_by_threshold(
    const void *bins, int32_t bytes_per_bin, int32_t threshold, int32_t also_left,
    size_t first_word, size_t end_word, uint64_t *left, uint64_t *right) {
#if defined(__x86_64__)
  if (bytes_per_bin == 1 && PANEL_HAS_AVX2) {
    split_bytes(bins, threshold, also_left, first_word, end_word, left, right);
    return;
  }
#endif
  PANEL_SPLIT((int32_t)bin <= threshold || (int32_t)bin == also_left)
}

void panel_split_by_set(
    const void *bins, int32_t bytes_per_bin, const uint64_t *set, size_t first_word,
    size_t end_word, uint64_t *left, uint64_t *right) {
  PANEL_SPLIT(is_in(set, bin))
}

PANEL_INLINE void count_body(
    const uint64_t *leaf, const uint64_t *bag, size_t first_word, size_t end_word, int64_t *out) {
  int64_t count = 0;
  for (size_t word = first_word; word < end_word; word++) {
    count += __builtin_popcountll(leaf[word] & (bag ? bag[word] : ~(uint64_t)0));
  }
  *out = count;
}

#if defined(__x86_64__)
PANEL_AVX2 static void count_avx2(
    const uint64_t *leaf, const uint64_t *bag, size_t first_word, size_t end_word, int64_t *out) {
  count_body(leaf, bag, first_word, end_word, out);
}
#endif
static void count_of(
    const uint64_t *leaf, const uint64_t *bag, size_t first_word, size_t end_word, int64_t *out) {
#if defined(__x86_64__)
  if (PANEL_HAS_AVX2) {
    count_avx2(leaf, bag, first_word, end_word, out);
    return;
  }
#endif
  count_body(leaf, bag, first_word, end_word, out);
}

int64_t panel_count(
    const uint64_t *leaf, const uint64_t *bag, size_t first_word, size_t end_word) {
  int64_t count = 0;
  count_of(leaf, bag, first_word, end_word, &count);
  return count;
}

PANEL_INLINE void panel_add_body(
    double *scores, const uint64_t *leaf, size_t first_word, size_t end_word, double value) {
  for (size_t word = first_word; word < end_word; word++) {
    uint64_t slots = leaf[word];
    double *row = scores + word * 64;
    if (slots == ~(uint64_t)0) {
      for (int slot = 0; slot < 64; slot++) row[slot] += value;
      continue;
    }
    for (; slots; slots &= slots - 1) row[__builtin_ctzll(slots)] += value;
  }
}

PANEL_DISPATCH(
    panel_add,
    (double *scores, const uint64_t *leaf, size_t first_word, size_t end_word, double value),
    (scores, leaf, first_word, end_word, value))

#define PANEL_CHANGES(bin_type)                                                  \
  do {                                                                           \
    const bin_type *row = bins;                                                  \
    for (size_t word = 0; word < slot_count / 64; word++) {                      \
      uint64_t bits = 0;                                                         \
      for (size_t slot = 0; slot < 64; slot++) {                                 \
        size_t index = word * 64 + slot;                                         \
        bits |= (uint64_t)(index == 0 || row[index] != row[index - 1]) << slot;  \
      }                                                                          \
      changes[word] = bits;                                                      \
    }                                                                            \
  } while (0)

#if defined(__x86_64__)
PANEL_AVX2 static void changes_bytes(const uint8_t *row, size_t slot_count, uint64_t *changes) {
  for (size_t word = 0; word < slot_count / 64; word++) {
    uint64_t same = 0;
    for (int half = 0; half < 2; half++) {
      const uint8_t *part = row + word * 64 + 32 * half;
      __m256i here = _mm256_loadu_si256((const __m256i *)part);
      __m256i before;
      if (word == 0 && half == 0) {
        uint8_t shifted[32];
        shifted[0] = (uint8_t)~part[0];
        for (int i = 1; i < 32; i++) shifted[i] = part[i - 1];
        before = _mm256_loadu_si256((const __m256i *)shifted);
      } else {
        before = _mm256_loadu_si256((const __m256i *)(part - 1));
      }
      uint32_t bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(here, before));
      same |= (uint64_t)bits << (32 * half);
    }
    changes[word] = ~same;
  }
}
#endif

void panel_changes(
    const void *bins, int32_t bytes_per_bin, size_t slot_count, uint64_t *changes) {
#if defined(__x86_64__)
  if (bytes_per_bin == 1 && PANEL_HAS_AVX2) {
    changes_bytes(bins, slot_count, changes);
    return;
  }
#endif
  if (bytes_per_bin == 1) PANEL_CHANGES(uint8_t);
  else PANEL_CHANGES(uint16_t);
}

int panel_format(double value, int digits, char *buffer, size_t capacity) {
  return snprintf(buffer, capacity, "%.*g", digits, value);
}
