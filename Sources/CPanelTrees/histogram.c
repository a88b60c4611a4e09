#include "CPanelTrees.h"
#include "dispatch.h"

typedef int64_t pair __attribute__((vector_size(16), aligned(8), may_alias));

/* What a range of the leaf's slots and a segment have in common: the slots from `from` to before `to`. */
typedef struct {
  uint32_t from, to, segment;
} piece;

/* Pieces are found a batch ahead of being added, so that memory is fetched in the meantime. */
enum { batch_size = 48 };

typedef struct {
  const panel_group *group;
  const int32_t *columns;
  const int32_t *bases;
  int32_t column_count;
  const panel_sum *prefix;
  panel_sum *histograms;
} target;

#define PANEL_ADD(code_type)                                                                \
  for (int number = 0; number < count; number++) {                                          \
    pair difference = *(const pair *)(to->prefix + pieces[number].to) -                     \
                      *(const pair *)(to->prefix + pieces[number].from);                    \
    const code_type *row =                                                                  \
        (const code_type *)to->group->codes + (size_t)pieces[number].segment * width;       \
    int32_t i = 0;                                                                          \
    for (; i + 2 <= column_count; i += 2) {                                                 \
      pair *first = (pair *)(histograms + bases[i] + row[columns[i]]);                      \
      pair *second = (pair *)(histograms + bases[i + 1] + row[columns[i + 1]]);             \
      /* Columns have histograms of their own, so the two entries are never the same. */    \
      pair first_sum = *first + difference;                                                 \
      pair second_sum = *second + difference;                                               \
      *first = first_sum;                                                                   \
      *second = second_sum;                                                                 \
    }                                                                                       \
    if (i < column_count) {                                                                 \
      *(pair *)(histograms + bases[i] + row[columns[i]]) += difference;                     \
    }                                                                                       \
  }

PANEL_INLINE void add_pieces(const target *to, const piece *pieces, int count) {
  const size_t width = (size_t)to->group->width;
  const int32_t *columns = to->columns, *bases = to->bases;
  const int32_t column_count = to->column_count;
  panel_sum *histograms = to->histograms;
  if (to->group->bytes_per_code == 1) {
    PANEL_ADD(uint8_t)
  } else {
    PANEL_ADD(uint16_t)
  }
}

/* Finds pieces and hands them on in batches. */
typedef struct {
  const target *to;
  piece batches[2][batch_size];
  int count;
  int current;
  int waiting;
} queue;

PANEL_INLINE void push(queue *queue, size_t from, size_t end, size_t segment) {
  const target *to = queue->to;
  const panel_group *group = to->group;
  __builtin_prefetch(to->prefix + from);
  __builtin_prefetch(to->prefix + end);
  __builtin_prefetch(
      (const char *)group->codes + segment * (size_t)(group->width * group->bytes_per_code));
  queue->batches[queue->current][queue->count++] =
      (piece){(uint32_t)from, (uint32_t)end, (uint32_t)segment};
  if (queue->count == batch_size) {
    queue->current ^= 1;
    if (queue->waiting) add_pieces(to, queue->batches[queue->current], batch_size);
    queue->waiting = 1;
    queue->count = 0;
  }
}

PANEL_INLINE void finish(queue *queue) {
  if (queue->waiting) add_pieces(queue->to, queue->batches[queue->current ^ 1], batch_size);
  add_pieces(queue->to, queue->batches[queue->current], queue->count);
}

/* A piece's first slot starts a range of the leaf or a segment. The piece ends before a slot that is not
 * of the leaf or starts a segment. */
PANEL_INLINE void find_pieces(
    queue *queue, const uint64_t *leaf, const uint64_t *bag, size_t first_word, size_t end_word) {
  const panel_group *group = queue->to->group;
  uint64_t carry = 0;
  size_t open_slot = 0, open_segment = 0;
  for (size_t word = first_word; word < end_word; word++) {
    uint64_t slots = leaf[word] & (bag ? bag[word] : ~(uint64_t)0);
    if (!(slots | carry)) continue;
    uint64_t starts = group->starts[word];
    uint64_t before = slots << 1 | carry;
    uint64_t begins = slots & (starts | ~before);
    uint64_t ends = before & (starts | ~slots);
    size_t base = word * 64;
    if (carry) {
      if (!ends) {
        carry = slots >> 63;
        continue;
      }
      push(queue, open_slot, base + (size_t)__builtin_ctzll(ends), open_segment);
      ends &= ends - 1;
    }
    carry = slots >> 63;
    size_t rank = group->ranks[word];
    while (begins) {
      int begin = __builtin_ctzll(begins);
      begins &= begins - 1;
      uint64_t until = starts & (((uint64_t)2 << begin) - 1);
      size_t segment = rank + (size_t)__builtin_popcountll(until) - 1;
      if (!ends) {
        open_slot = base + (size_t)begin;
        open_segment = segment;
        break;
      }
      push(queue, base + (size_t)begin, base + (size_t)__builtin_ctzll(ends), segment);
      ends &= ends - 1;
    }
  }
  if (carry) push(queue, open_slot, end_word * 64, open_segment);
}

PANEL_INLINE void find_slots(
    queue *queue, const uint64_t *leaf, const uint64_t *bag, size_t first_word, size_t end_word) {
  for (size_t word = first_word; word < end_word; word++) {
    uint64_t slots = leaf[word] & (bag ? bag[word] : ~(uint64_t)0);
    for (; slots; slots &= slots - 1) {
      size_t slot = word * 64 + (size_t)__builtin_ctzll(slots);
      push(queue, slot, slot + 1, slot);
    }
  }
}

PANEL_INLINE void panel_histogram_body(
    const panel_group *group, const int32_t *columns, const int32_t *bases, int32_t column_count,
    const panel_sum *prefix, const uint64_t *leaf, const uint64_t *bag, size_t first_word,
    size_t end_word, panel_sum *histograms) {
  const target to = {group, columns, bases, column_count, prefix, histograms};
  queue queue;
  queue.to = &to;
  queue.count = queue.current = queue.waiting = 0;
  if (group->starts) find_pieces(&queue, leaf, bag, first_word, end_word);
  else find_slots(&queue, leaf, bag, first_word, end_word);
  finish(&queue);
}

PANEL_DISPATCH(
    panel_histogram,
    (const panel_group *group, const int32_t *columns, const int32_t *bases, int32_t column_count,
     const panel_sum *prefix, const uint64_t *leaf, const uint64_t *bag, size_t first_word,
     size_t end_word, panel_sum *histograms),
    (group, columns, bases, column_count, prefix, leaf, bag, first_word, end_word, histograms))
