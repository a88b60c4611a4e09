/* The loops of the panel trainer over rows: gradients, histograms, leaves.
 *
 * Rows stand in slots. A chunk of panel_chunk_slots slots holds one row less, so that a prefix sum over
 * its rows has an end within the chunk. Sets of slots are bit masks, 64 slots a word. All sums are whole
 * numbers, so that their order does not matter.
 *
 * Every function has one body. Where the processor has AVX2, a copy compiled for it is called; neither
 * copy fuses a multiplication with an addition, so both compute the same bits.
 */
#ifndef HOLDOUT_CPANELTREES_H
#define HOLDOUT_CPANELTREES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { panel_chunk_slots = 16384 };

/* A sum of gradients and one of second derivatives, in units of the caller's scales. */
typedef struct {
  int64_t gradient;
  int64_t hessian;
} panel_sum;

/* Features that change together. Consecutive slots with the same codes form a segment. */
typedef struct {
  /* The slots at which a segment starts; null if every slot is a segment. */
  const uint64_t *starts;
  /* For each word of `starts`, the number of segments before it. */
  const uint32_t *ranks;
  /* `width` codes for each segment, of one byte or of two. */
  const void *codes;
  int32_t width;
  int32_t bytes_per_code;
} panel_group;

/* Computes the log loss's derivatives at `count` slots, and their prefix sums: prefix[0] is 0, and
 * prefix[i + 1] sums slots 0 to i. A slot has the weight |signed_weights[i]|, 0 if it has no row, and
 * is negative if the sign bit is set. Gradients are rounded to 32-bit floats as LightGBM does, then to
 * multiples of 1 / scale. `prefix` has room for `count` sums, as the last slot must be empty.
 * `small` says that every scaled number is below 2^51. */
void panel_gradients(
    const double *scores, const float *signed_weights, size_t count, double sigmoid,
    double gradient_scale, double hessian_scale, int small, panel_sum *prefix);

/* Adds the rows of a leaf to histograms of the group's columns. Column columns[i] counts its codes in
 * histograms[bases[i]] and the entries after it. */
void panel_histogram(
    const panel_group *group, const int32_t *columns, const int32_t *bases, int32_t column_count,
    const panel_sum *prefix, const uint64_t *leaf, const uint64_t *bag, size_t first_word,
    size_t end_word, panel_sum *histograms);

/* Moves the slots of a leaf whose bin is above `threshold`, except `also_left`, to another leaf. */
void panel_split_by_threshold(
    const void *bins, int32_t bytes_per_bin, int32_t threshold, int32_t also_left,
    size_t first_word, size_t end_word, uint64_t *left, uint64_t *right);

/* Moves the slots of a leaf whose bin is not in a set, given as bits, to another leaf. */
void panel_split_by_set(
    const void *bins, int32_t bytes_per_bin, const uint64_t *set, size_t first_word,
    size_t end_word, uint64_t *left, uint64_t *right);

/* Counts the slots of a leaf, those of the bag alone if it is not null. */
int64_t panel_count(
    const uint64_t *leaf, const uint64_t *bag, size_t first_word, size_t end_word);

/* Adds a value to the scores of a leaf's slots. */
void panel_add(double *scores, const uint64_t *leaf, size_t first_word, size_t end_word, double value);

/* Marks the slots whose bin differs from the slot before, and the first one. */
void panel_changes(
    const void *bins, int32_t bytes_per_bin, size_t slot_count, uint64_t *changes);

/* Writes a number with the given count of significant digits, as printf's %g; returns the length. */
int panel_format(double value, int digits, char *buffer, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
