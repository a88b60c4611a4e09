/* Trains a tiny model with each line of parameters from standard input, for scripts/fuzz-parameters.
 *
 * Counts the parameters that LightGBM refuses. valgrind detects the memory errors.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { rows = 160, columns = 6, trees = 3 };

static void *symbol(void *library, const char *name) {
  void *address = dlsym(library, name);
  if (!address) {
    fprintf(stderr, "no function %s\n", name);
    exit(2);
  }
  return address;
}

int main(int count, char **arguments) {
  void *library = count == 2 ? dlopen(arguments[1], RTLD_NOW) : NULL;
  if (!library) {
    fprintf(stderr, "usage: fuzz-parameters LIBRARY < LINES (%s)\n", count == 2 ? dlerror() : "no library");
    return 2;
  }
  int (*create)(const void *, int, int32_t, int32_t, int, const char *, void *, void **) =
      symbol(library, "LGBM_DatasetCreateFromMat");
  int (*set)(void *, const char *, const void *, int, int) = symbol(library, "LGBM_DatasetSetField");
  int (*freeDataset)(void *) = symbol(library, "LGBM_DatasetFree");
  int (*createBooster)(void *, const char *, void **) = symbol(library, "LGBM_BoosterCreate");
  int (*update)(void *, int *) = symbol(library, "LGBM_BoosterUpdateOneIter");
  int (*predict)(void *, const void *, int, int32_t, int32_t, int, int, int, int, const char *, int64_t *,
                 double *) = symbol(library, "LGBM_BoosterPredictForMat");
  int (*freeBooster)(void *) = symbol(library, "LGBM_BoosterFree");

  double values[rows * columns];
  float labels[rows];
  uint32_t state = 42;
  for (int row = 0; row < rows; row++) {
    for (int column = 0; column < columns; column++) {
      state = state * 1664525u + 1013904223u;
      /* The third and the fourth column are categorical. */
      values[row * columns + column] =
          column == 2 || column == 3 ? (state >> 16) % 7 : (double)(state >> 8) / (1 << 24) - 0.5;
    }
    state = state * 1664525u + 1013904223u;
    labels[row] = values[row * columns] + (double)(state >> 8) / (1 << 25) > 0.2;
  }

  static char line[1 << 20], parameters[1 << 20];
  int trained = 0, refused = 0;
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    snprintf(parameters, sizeof parameters, "%s categorical_feature=2,3 num_threads=1 verbosity=-1", line);
    /* Printed before the attempt, so that it is the last line after a crash. */
    fprintf(stderr, "fuzz: trying %s\n", line);
    void *dataset = NULL, *booster = NULL;
    int failed = create(values, 1, rows, columns, 1, parameters, NULL, &dataset) ||
                 set(dataset, "label", labels, rows, 0) || createBooster(dataset, parameters, &booster);
    int finished = 0;
    for (int tree = 0; !failed && tree < trees; tree++) failed = update(booster, &finished);
    static double margins[rows];
    int64_t length = 0;
    if (!failed)
      failed = predict(booster, values, 1, rows, columns, 1, 1, 0, -1, "num_threads=1", &length, margins);
    for (int row = 0; !failed && row < rows; row++) {
      if (margins[row] != margins[row]) fprintf(stderr, "fuzz: not a number\n");
    }
    if (booster) freeBooster(booster);
    if (dataset) freeDataset(dataset);
    if (failed) refused++; else trained++;
  }
  printf("%d trained, %d refused by LightGBM\n", trained, refused);
  return 0;
}
