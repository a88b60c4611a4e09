/* A bare LightGBM program: the cost of a fit when nothing else runs in the process.
 *
 *   cc -O2 -o bare_lightgbm Benchmarks/bare_lightgbm.c -ldl
 *   ./bare_lightgbm LIBRARY HEADER MATRIX LABELS TREES THREADS "PARAMETERS" [MODEL]
 *   ./bare_lightgbm .native/lib/lib_lightgbm.so rows.txt rows.f64 labels.f32 100 2 \
 *     "objective=binary learning_rate=0.05 num_leaves=7 feature_fraction=0.5 seed=42"
 *
 * HEADER is a text file: rows, columns, then the numbers of the categorical columns.
 * MATRIX contains little-endian float64, row by row, NaN for missing; LABELS little-endian float32.
 * Weights, if any, come after the labels in LABELS.
 * Prints seconds, CPU seconds and the process's peak memory by stage. With MODEL, it also predicts
 * all rows and writes the model's text there.
 */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef const char *(*last_error)(void);
typedef int (*dataset_create)(
    const void *, int, int32_t, int32_t, int, const char *, const void *, void **);
typedef int (*dataset_set_field)(void *, const char *, const void *, int, int);
typedef int (*booster_create)(void *, const char *, void **);
typedef int (*booster_update)(void *, int *);
typedef int (*booster_predict)(
    void *, const void *, int, int32_t, int32_t, int, int, int, int, const char *, int64_t *,
    double *);
typedef int (*booster_save)(void *, int, int, int, const char *);

enum { type_float32 = 0, type_float64 = 1, raw_score = 1 };

static void fail(const char *what, const char *why) {
  fprintf(stderr, "bare_lightgbm: %s: %s\n", what, why);
  exit(2);
}

static void *library;

static void *symbol(const char *name) {
  void *address = dlsym(library, name);
  if (address == NULL) fail(name, "not in the library");
  return address;
}

static void check(int status, const char *function) {
  if (status != 0) fail(function, ((last_error)symbol("LGBM_GetLastError"))());
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static long peak_megabytes(void) {
  char line[256];
  long kilobytes = 0;
  FILE *status = fopen("/proc/self/status", "r");
  if (status == NULL) return 0;
  while (fgets(line, sizeof line, status) != NULL)
    if (strncmp(line, "VmHWM:", 6) == 0) kilobytes = atol(line + 6);
  fclose(status);
  return kilobytes / 1024;
}

/* A point in time: wall clock, and CPU time of all threads. */
typedef struct {
  double wall, processor;
} moment;

static moment now(void) {
  moment value = {seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
  return value;
}

/* Prints the time since *start, and resets it. */
static void stage(const char *name, moment *start) {
  moment end = now();
  printf(
      "%-8s %8.3f s, %8.3f s CPU, peak %ld MB\n", name, end.wall - start->wall,
      end.processor - start->processor, peak_megabytes());
  fflush(stdout);
  *start = end;
}

/* Reads an entire file; *size becomes its length in bytes. */
static void *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail(path, "cannot be opened");
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*size + 1);
  if (bytes == NULL || fread(bytes, 1, *size, file) != *size) fail(path, "cannot be read");
  bytes[*size] = 0;
  fclose(file);
  return bytes;
}

int main(int count, char **arguments) {
  if (count < 8) fail("usage", "LIBRARY HEADER MATRIX LABELS TREES THREADS PARAMETERS [MODEL]");
  moment start = now(), whole = start;
  library = dlopen(arguments[1], RTLD_NOW);
  if (library == NULL) fail(arguments[1], dlerror());

  size_t size, label_size;
  char *header = read_file(arguments[2], &size);
  char *rest;
  long rows = strtol(header, &rest, 10);
  long columns = strtol(rest, &rest, 10);
  char categories[4096] = "";
  for (char *word = strtok(rest, " \t\n"); word != NULL; word = strtok(NULL, " \t\n")) {
    if (strlen(categories) + strlen(word) + 32 > sizeof categories) fail(arguments[2], "too long");
    strcat(categories, categories[0] == 0 ? " categorical_feature=" : ",");
    strcat(categories, word);
  }
  double *matrix = read_file(arguments[3], &size);
  float *labels = read_file(arguments[4], &label_size);
  if (rows <= 0 || columns <= 0 || size != (size_t)rows * (size_t)columns * sizeof(double))
    fail(arguments[3], "its size is not rows x columns");
  int has_weights = label_size == 2 * (size_t)rows * sizeof(float);
  if (!has_weights && label_size != (size_t)rows * sizeof(float))
    fail(arguments[4], "its size is not one or two numbers per row");
  stage("read", &start);

  size_t length = strlen(arguments[7]) + strlen(categories) + 64;
  char *parameters = malloc(length);
  snprintf(
      parameters, length, "%s%s num_threads=%s verbosity=-1", arguments[7], categories,
      arguments[6]);
  void *dataset = NULL, *booster = NULL;
  check(
      ((dataset_create)symbol("LGBM_DatasetCreateFromMat"))(
          matrix, type_float64, (int32_t)rows, (int32_t)columns, 1, parameters, NULL, &dataset),
      "LGBM_DatasetCreateFromMat");
  dataset_set_field set_field = (dataset_set_field)symbol("LGBM_DatasetSetField");
  check(set_field(dataset, "label", labels, (int)rows, type_float32), "LGBM_DatasetSetField");
  if (has_weights)
    check(
        set_field(dataset, "weight", labels + rows, (int)rows, type_float32),
        "LGBM_DatasetSetField");
  stage("bin", &start);

  check(
      ((booster_create)symbol("LGBM_BoosterCreate"))(dataset, parameters, &booster),
      "LGBM_BoosterCreate");
  booster_update update = (booster_update)symbol("LGBM_BoosterUpdateOneIter");
  for (long tree = atol(arguments[5]); tree > 0; tree--) {
    int finished = 0;
    check(update(booster, &finished), "LGBM_BoosterUpdateOneIter");
  }
  stage("train", &start);

  if (count > 8) {
    double *margins = malloc((size_t)rows * sizeof(double));
    int64_t written = 0;
    check(
        ((booster_predict)symbol("LGBM_BoosterPredictForMat"))(
            booster, matrix, type_float64, (int32_t)rows, (int32_t)columns, 1, raw_score, 0, -1,
            parameters, &written, margins),
        "LGBM_BoosterPredictForMat");
    stage("predict", &start);
    check(
        ((booster_save)symbol("LGBM_BoosterSaveModel"))(booster, 0, -1, 0, arguments[8]),
        "LGBM_BoosterSaveModel");
  }
  stage("whole", &whole);
  return 0;
}
