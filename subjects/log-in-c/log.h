#pragma once
#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

/* A write-ahead log in the format of docs/format.md. Functions that return an int return 0, or -1 and say
 * `why`. */
struct log {
  char directory[PATH_MAX];
  int file;
  uint64_t safe_seq;
  off_t end;
  int failed;
  char why[PATH_MAX];
};

/* Opens the log in a directory and cuts off what is beyond its safe point. Where a rule of the log is broken it
 * changes nothing, and `why` begins with the rule's code. */
int log_open(struct log *log, const char *directory);

/* Appends an entry with these members of a JSON object; it is durable on return. */
int log_append(struct log *log, const char *members, size_t length);

/* The bytes of the committed log, which the caller frees; NULL where the disk failed, and says why. */
char *log_read(struct log *log);

/* Calls `each` with the JSON of every entry in those bytes, from behind its seq to behind the closing brace. */
void log_each(const struct log *log, const char *bytes, void (*each)(const char *rest, const char *end));

void log_close(struct log *log);
