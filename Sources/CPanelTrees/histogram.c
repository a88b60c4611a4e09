#include "CPanelTrees.h"
#include "dispatch.h"

typedef int64_t pair __attribute__((vector_size(16), aligned(8), may_alias));

/* Adds the difference of two prefix sums to one entry of each column. */
#define PANEL_FLUSH(code_type, segment, from, to)                                             \
  do {                                                                                        \
    pair difference = *(const pair *)(prefix + (to)) - *(const pair *)(prefix + (from));      \
    const code_type *row = (const code_type *)group->codes + (size_t)(segment) * width;       \
    for (int32_t i = 0; i < column_count; i++) {                                              \
      pair *entry = (pair *)(histograms + bases[i] + row[columns[i]]);                        \
      *entry += difference;                                                                   \
    }                                                                                         \
  } while (0)

/* A piece is what a range of the leaf's slots and a segment have in common. Its first slot starts the
 * range or the segment. It ends before a slot that is not of the leaf or starts a segment. */
#define PANEL_PIECES(code_type)                                                               \
  do {                                                                                        \
    uint64_t carry = 0;                                                                       \
    size_t open_slot = 0, open_segment = 0;                                                   \
    for (size_t word = first_word; word < end_word; word++) {                                 \
      uint64_t slots = leaf[word] & (bag ? bag[word] : ~(uint64_t)0);                         \
      if (!(slots | carry)) continue;                                                         \
      uint64_t starts = group->starts[word];                                                  \
      uint64_t before = slots << 1 | carry;                                                   \
      uint64_t begins = slots & (starts | ~before);                                           \
      uint64_t ends = before & (starts | ~slots);                                             \
      size_t base = word * 64;                                                                \
      size_t rank = group->ranks[word];                                                       \
      if (carry) {                                                                            \
        if (!ends) {                                                                          \
          carry = slots >> 63;                                                                \
          continue;                                                                           \
        }                                                                                     \
        size_t end = base + (size_t)__builtin_ctzll(ends);                                    \
        ends &= ends - 1;                                                                     \
        PANEL_FLUSH(code_type, open_segment, open_slot, end);                                 \
      }                                                                                       \
      carry = slots >> 63;                                                                    \
      while (begins) {                                                                        \
        int begin = __builtin_ctzll(begins);                                                  \
        begins &= begins - 1;                                                                 \
        size_t segment =                                                                      \
            rank + (size_t)__builtin_popcountll(starts & (((uint64_t)2 << begin) - 1)) - 1;   \
        if (!ends) {                                                                          \
          open_slot = base + (size_t)begin;                                                   \
          open_segment = segment;                                                             \
          break;                                                                              \
        }                                                                                     \
        size_t end = base + (size_t)__builtin_ctzll(ends);                                    \
        ends &= ends - 1;                                                                     \
        PANEL_FLUSH(code_type, segment, base + (size_t)begin, end);                           \
      }                                                                                       \
    }                                                                                         \
    if (carry) PANEL_FLUSH(code_type, open_segment, open_slot, end_word * 64);                \
  } while (0)

#define PANEL_ROWS(code_type)                                                                 \
  do {                                                                                        \
    for (size_t word = first_word; word < end_word; word++) {                                 \
      uint64_t slots = leaf[word] & (bag ? bag[word] : ~(uint64_t)0);                         \
      while (slots) {                                                                         \
        size_t slot = word * 64 + (size_t)__builtin_ctzll(slots);                             \
        slots &= slots - 1;                                                                   \
        PANEL_FLUSH(code_type, slot, slot, slot + 1);                                         \
      }                                                                                       \
    }                                                                                         \
  } while (0)

PANEL_INLINE void panel_histogram_body(
    const panel_group *group, const int32_t *columns, const int32_t *bases, int32_t column_count,
    const panel_sum *prefix, const uint64_t *leaf, const uint64_t *bag, size_t first_word,
    size_t end_word, panel_sum *restrict histograms) {
  const size_t width = (size_t)group->width;
  if (group->bytes_per_code == 1) {
    if (group->starts) PANEL_PIECES(uint8_t);
    else PANEL_ROWS(uint8_t);
  } else {
    if (group->starts) PANEL_PIECES(uint16_t);
    else PANEL_ROWS(uint16_t);
  }
}

PANEL_DISPATCH(
    panel_histogram,
    (const panel_group *group, const int32_t *columns, const int32_t *bases, int32_t column_count,
     const panel_sum *prefix, const uint64_t *leaf, const uint64_t *bag, size_t first_word,
     size_t end_word, panel_sum *restrict histograms),
    (group, columns, bases, column_count, prefix, leaf, bag, first_word, end_word, histograms))
