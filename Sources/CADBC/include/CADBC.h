// The binary interfaces that a database driver speaks: Arrow's C data and stream interfaces, and ADBC 1.1.
// Layouts after the Apache Arrow specifications (C data interface; ADBC 1.1.0). Declarations only: the
// drivers are loaded at run time.
#ifndef HOLDOUT_CADBC_H
#define HOLDOUT_CADBC_H

#include <stddef.h>
#include <stdint.h>

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

// ArrowSchema.flags
enum { HOLDOUT_ARROW_FLAG_NULLABLE = 2 };

typedef uint8_t AdbcStatusCode;

// The version asked of a driver's entry point.
enum { HOLDOUT_ADBC_VERSION = 1001000 };

struct AdbcDriver;

struct AdbcError {
  char *message;
  int32_t vendor_code;
  char sqlstate[5];
  void (*release)(struct AdbcError *);
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcDatabase {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcConnection {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcStatement {
  void *private_data;
  struct AdbcDriver *private_driver;
};

typedef void (*AdbcUnused)(void);

// The table of functions that a driver fills in. Entries that Holdout never calls are `AdbcUnused`.
struct AdbcDriver {
  void *private_data;
  void *private_manager;
  AdbcStatusCode (*release)(struct AdbcDriver *, struct AdbcError *);

  AdbcStatusCode (*DatabaseInit)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*DatabaseNew)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*DatabaseSetOption)(struct AdbcDatabase *, const char *key, const char *value,
                                      struct AdbcError *);
  AdbcStatusCode (*DatabaseRelease)(struct AdbcDatabase *, struct AdbcError *);

  AdbcStatusCode (*ConnectionCommit)(struct AdbcConnection *, struct AdbcError *);
  AdbcUnused ConnectionGetInfo;
  AdbcUnused ConnectionGetObjects;
  AdbcUnused ConnectionGetTableSchema;
  AdbcUnused ConnectionGetTableTypes;
  AdbcStatusCode (*ConnectionInit)(struct AdbcConnection *, struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*ConnectionNew)(struct AdbcConnection *, struct AdbcError *);
  AdbcStatusCode (*ConnectionSetOption)(struct AdbcConnection *, const char *key, const char *value,
                                        struct AdbcError *);
  AdbcUnused ConnectionReadPartition;
  AdbcStatusCode (*ConnectionRelease)(struct AdbcConnection *, struct AdbcError *);
  AdbcStatusCode (*ConnectionRollback)(struct AdbcConnection *, struct AdbcError *);

  AdbcStatusCode (*StatementBind)(struct AdbcStatement *, struct ArrowArray *, struct ArrowSchema *,
                                  struct AdbcError *);
  AdbcStatusCode (*StatementBindStream)(struct AdbcStatement *, struct ArrowArrayStream *,
                                        struct AdbcError *);
  AdbcStatusCode (*StatementExecuteQuery)(struct AdbcStatement *, struct ArrowArrayStream *out,
                                          int64_t *rows_affected, struct AdbcError *);
  AdbcUnused StatementExecutePartitions;
  AdbcUnused StatementGetParameterSchema;
  AdbcStatusCode (*StatementNew)(struct AdbcConnection *, struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementPrepare)(struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementRelease)(struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementSetOption)(struct AdbcStatement *, const char *key, const char *value,
                                       struct AdbcError *);
  AdbcStatusCode (*StatementSetSqlQuery)(struct AdbcStatement *, const char *query, struct AdbcError *);
  AdbcUnused StatementSetSubstraitPlan;

  // ADBC 1.1 adds 29 entries, and a driver may write all of them; the room is a little wider.
  AdbcUnused additions[40];
};

// A driver's entry point: `duckdb_adbc_init`, `AdbcDriverInit`.
typedef AdbcStatusCode (*AdbcDriverInitFunction)(int version, void *driver, struct AdbcError *);

#endif
