/* The part of LightGBM's C interface (4.7.0) that Holdout calls.
 *
 * lib_lightgbm.so is loaded at run time, so this header holds types of functions, not functions.
 * Every function returns 0, or -1 after which lgbm_get_last_error on the same thread has the text.
 * Each type is named for the symbol it describes: lgbm_dataset_free for LGBM_DatasetFree.
 */
#ifndef HOLDOUT_CLIGHTGBM_H
#define HOLDOUT_CLIGHTGBM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Owned by the caller from a successful create until the matching free. */
typedef void *lgbm_dataset;
typedef void *lgbm_booster;
typedef void *lgbm_byte_buffer;

/* The element type of a data pointer. */
enum { lgbm_type_float32 = 0, lgbm_type_float64 = 1, lgbm_type_int32 = 2, lgbm_type_int64 = 3 };

/* What a prediction returns. */
enum {
  lgbm_predict_probability = 0,
  lgbm_predict_raw_score = 1,
  lgbm_predict_leaf_index = 2,
  lgbm_predict_contribution = 3
};

/* What a feature's importance counts. */
enum { lgbm_importance_split = 0, lgbm_importance_gain = 1 };

/* The last failure on the calling thread. */
typedef const char *(*lgbm_get_last_error)(void);

/* Takes the log of the calling thread; a line comes in pieces: prefix, text, line feed. */
typedef void (*lgbm_log_callback)(const char *text);
typedef int (*lgbm_register_log_callback)(lgbm_log_callback callback);

/* Parameter names and their aliases as JSON; out_length counts the closing zero. */
typedef int (*lgbm_dump_param_aliases)(
    int64_t buffer_length, int64_t *out_length, char *out_text);

/* The rows, ascending, that binning looks at: as many as lgbm_get_sample_count says. */
typedef int (*lgbm_get_sample_count)(int32_t row_count, const char *parameters, int *out_count);
typedef int (*lgbm_sample_indices)(
    int32_t row_count, const char *parameters, void *out_indices, int32_t *out_count);

/* Learns the bins from a sample (per column its non-zero values and their places in the sample)
 * and makes an empty dataset for row_count rows. */
typedef int (*lgbm_dataset_create_from_sampled_column)(
    double **sample_values, int **sample_places, int32_t column_count,
    const int *values_per_column, int32_t sample_row_count, int32_t row_count,
    int64_t distributed_row_count, const char *parameters, lgbm_dataset *out_dataset);

/* Makes an empty dataset for row_count rows with the bins of another. */
typedef int (*lgbm_dataset_create_by_reference)(
    lgbm_dataset reference, int64_t row_count, lgbm_dataset *out_dataset);

/* Makes room for labels and weights, and for pushes from thread_count threads of the caller that
 * each run omp_thread_count threads inside. The dataset then waits for lgbm_dataset_mark_finished. */
typedef int (*lgbm_dataset_init_streaming)(
    lgbm_dataset dataset, int32_t has_weights, int32_t has_initial_scores, int32_t has_queries,
    int32_t class_count, int32_t thread_count, int32_t omp_thread_count);

/* Bins row-major rows into their places; calls with different thread numbers may overlap. */
typedef int (*lgbm_dataset_push_rows_with_metadata)(
    lgbm_dataset dataset, const void *rows, int type, int32_t row_count, int32_t column_count,
    int32_t first_row, const float *labels, const float *weights, const double *initial_scores,
    const int32_t *queries, int32_t thread);
typedef int (*lgbm_dataset_mark_finished)(lgbm_dataset dataset);

/* A dataset's bins without its rows, as bytes; and an empty dataset with the same bins. */
typedef int (*lgbm_dataset_serialize_reference)(
    lgbm_dataset dataset, lgbm_byte_buffer *out_buffer, int32_t *out_length);
typedef int (*lgbm_byte_buffer_get_at)(lgbm_byte_buffer buffer, int32_t index, uint8_t *out_value);
typedef int (*lgbm_byte_buffer_free)(lgbm_byte_buffer buffer);
typedef int (*lgbm_dataset_create_from_serialized_reference)(
    const void *bytes, int32_t length, int64_t row_count, int32_t class_count,
    const char *parameters, lgbm_dataset *out_dataset);

typedef int (*lgbm_dataset_set_feature_names)(
    lgbm_dataset dataset, const char **names, int name_count);
typedef int (*lgbm_dataset_free)(lgbm_dataset dataset);

typedef int (*lgbm_booster_create)(
    lgbm_dataset dataset, const char *parameters, lgbm_booster *out_booster);
typedef int (*lgbm_booster_free)(lgbm_booster booster);

/* Grows one tree; out_finished is 1 when no leaf could be split. */
typedef int (*lgbm_booster_update_one_iter)(lgbm_booster booster, int *out_finished);

/* Has each tree score these rows, too: they become data set 1 of the booster, then 2, and so on. */
typedef int (*lgbm_booster_add_valid_data)(lgbm_booster booster, lgbm_dataset dataset);

/* What all trees so far make of the rows of a data set, 0 being those trained on: one probability per
 * row. */
typedef int (*lgbm_booster_get_predict)(
    lgbm_booster booster, int data_set, int64_t *out_length, double *out_values);

typedef int (*lgbm_booster_load_model_from_string)(
    const char *text, int *out_iterations, lgbm_booster *out_booster);
typedef int (*lgbm_booster_save_model_to_string)(
    lgbm_booster booster, int first_iteration, int iteration_count, int importance_type,
    int64_t buffer_length, int64_t *out_length, char *out_text);

/* One double per row, or column_count + 1 for contributions. */
typedef int (*lgbm_booster_predict_for_mat)(
    lgbm_booster booster, const void *rows, int type, int32_t row_count, int32_t column_count,
    int is_row_major, int kind, int first_iteration, int iteration_count, const char *parameters,
    int64_t *out_length, double *out_values);

typedef int (*lgbm_booster_feature_importance)(
    lgbm_booster booster, int iteration_count, int importance_type, double *out_values);

/* Caps the threads of every later call in the process; -1 lifts the cap. */
typedef int (*lgbm_set_max_threads)(int thread_count);

/* libgomp's own entry to a parallel region: runs body(data) once on each thread of the team. */
typedef void (*gomp_team_body)(void *data);
typedef void (*gomp_parallel)(
    gomp_team_body body, void *data, unsigned thread_count, unsigned flags);

/* OpenMP's limit on teams inside teams, of the calling thread; with 0 a thread opens no team at all. */
typedef int (*omp_get_max_active_levels)(void);
typedef void (*omp_set_max_active_levels)(int levels);

#ifdef __cplusplus
}
#endif

#endif
