/* A bare DuckDB program: the cost of a SQL file when nothing else runs in the process.
 *
 *   cc -O2 -o bare_duckdb Benchmarks/bare_duckdb.c -ldl
 *   ./bare_duckdb .native/lib/libduckdb.so THREADS FILE.sql
 *
 * Does the same as DuckDB's own shell with `duckdb -f FILE.sql`, with the library that Holdout loads. Prints the
 * seconds of each statement.
 */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* As in duckdb.h. */
typedef struct {
  uint64_t columns, rows, changed;
  void *data;
  char *message;
  void *internal;
} result;
typedef int (*open_database)(const char *, void **);
typedef int (*connect_database)(void *, void **);
typedef uint64_t (*extract_statements)(void *, const char *, void **);
typedef int (*prepare_extracted)(void *, void *, uint64_t, void **);
typedef int (*execute_prepared)(void *, result *);
typedef int (*query)(void *, const char *, result *);
typedef const char *(*message_of)(void *);
typedef void (*destroy)(void *);

static void fail(const char *what, const char *why) {
  fprintf(stderr, "bare_duckdb: %s: %s\n", what, why ? why : "unknown");
  exit(2);
}

static void *library;

static void *symbol(const char *name) {
  void *address = dlsym(library, name);
  if (address == NULL) fail(name, "not in the library");
  return address;
}

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail(path, "cannot be opened");
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(size + 1);
  if (bytes == NULL || fread(bytes, 1, size, file) != size) fail(path, "cannot be read");
  bytes[size] = 0;
  fclose(file);
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 4) fail("usage", "LIBRARY THREADS FILE.sql");
  library = dlopen(arguments[1], RTLD_NOW);
  if (library == NULL) fail(arguments[1], dlerror());
  void *database = NULL, *connection = NULL, *statements = NULL;
  if (((open_database)symbol("duckdb_open"))(NULL, &database) != 0) fail("duckdb_open", NULL);
  if (((connect_database)symbol("duckdb_connect"))(database, &connection) != 0)
    fail("duckdb_connect", NULL);
  char setting[64];
  snprintf(setting, sizeof setting, "SET threads = %s", arguments[2]);
  result ignored;
  if (((query)symbol("duckdb_query"))(connection, setting, &ignored) != 0) fail(setting, NULL);

  uint64_t number = ((extract_statements)symbol("duckdb_extract_statements"))(
      connection, read_file(arguments[3]), &statements);
  if (number == 0)
    fail(arguments[3], ((message_of)symbol("duckdb_extract_statements_error"))(statements));
  for (uint64_t index = 0; index < number; index++) {
    double start = seconds();
    void *prepared = NULL;
    result outcome;
    if (((prepare_extracted)symbol("duckdb_prepare_extracted_statement"))(
            connection, statements, index, &prepared) != 0)
      fail("prepare", ((message_of)symbol("duckdb_prepare_error"))(prepared));
    if (((execute_prepared)symbol("duckdb_execute_prepared"))(prepared, &outcome) != 0)
      fail("execute", ((message_of)symbol("duckdb_result_error"))(&outcome));
    ((destroy)symbol("duckdb_destroy_result"))(&outcome);
    ((destroy)symbol("duckdb_destroy_prepare"))(&prepared);
    printf("statement %2d %8.3f s\n", (int)index + 1, seconds() - start);
    fflush(stdout);
  }
  return 0;
}
