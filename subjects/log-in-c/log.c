#define _GNU_SOURCE
#include "log.h"
#include "json.h"
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAL "telemetry.wal"
#define SAFE_SEQ "telemetry.safe_seq"
#define SAFE_SEQ_TMP "telemetry.safe_seq.tmp"

enum { HEADER_BYTES = 4, MAX_JSON_BYTES = 1 << 20, MAX_LOG_BYTES = 64 << 20 };

static const char *const STEADY_MARKERS[] = {"lock.fingerprint", "activation", "runtime.db"};

static int fail(struct log *log, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(log->why, sizeof log->why, format, args);
  va_end(args);
  return -1;
}

static int disk_failed(struct log *log, const char *what) { return fail(log, "%s failed: %s", what, strerror(errno)); }

static const char *path(struct log *log, const char *name) {
  static char paths[2][PATH_MAX + 64];
  static int turn;
  turn = !turn;
  snprintf(paths[turn], sizeof paths[turn], "%s/%s", log->directory, name);
  return paths[turn];
}

/* Every sync of the log; CONTROL_UNSYNCED makes a log that leaves them all out. */
static int sync_file(int file, int is_directory) {
  if (getenv("CONTROL_UNSYNCED")) return 0;
  return is_directory ? fsync(file) : fdatasync(file);
}

static int sync_directory(struct log *log) {
  int directory = open(log->directory, O_RDONLY | O_DIRECTORY);
  if (directory < 0) return disk_failed(log, "opening the directory");
  int failed = sync_file(directory, 1);
  if (failed) disk_failed(log, "syncing the directory");
  close(directory);
  return failed;
}

static int write_all(int file, const char *bytes, size_t size, off_t at) {
  while (size > 0) {
    ssize_t written = pwrite(file, bytes, size, at);
    if (written < 0) return -1;
    bytes += written, size -= written, at += written;
  }
  return 0;
}

static int replace_safe_point(struct log *log, uint64_t seq) {
  uint64_t bytes = htole64(seq);
  int tmp = open(path(log, SAFE_SEQ_TMP), O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (tmp < 0) return disk_failed(log, "opening the next safe point");
  int failed = write_all(tmp, (char *)&bytes, sizeof bytes, 0) || sync_file(tmp, 0);
  if (failed) disk_failed(log, "writing the next safe point");
  close(tmp);
  if (failed) return -1;
  if (rename(path(log, SAFE_SEQ_TMP), path(log, SAFE_SEQ))) return disk_failed(log, "replacing the safe point");
  return sync_directory(log);
}

/* Whether there is a safe point, or -1. */
static int read_safe_point(struct log *log, uint64_t *seq) {
  char bytes[9];
  int file = open(path(log, SAFE_SEQ), O_RDONLY);
  if (file < 0) return errno == ENOENT ? 0 : disk_failed(log, "opening the safe point");
  ssize_t size = read(file, bytes, sizeof bytes);
  close(file);
  if (size < 0) return disk_failed(log, "reading the safe point");
  if (size != 8) return fail(log, "SAFESEQ_WRONG_LENGTH: safe_seq is not 8 bytes long");
  memcpy(seq, bytes, 8);
  *seq = le64toh(*seq);
  return 1;
}

/* The first `size` bytes of the log, which the caller frees; NULL where the disk failed. */
static char *read_log(struct log *log, int file, off_t size) {
  char *bytes = malloc(size + 1);
  for (off_t at = 0; bytes && at < size;) {
    ssize_t got = pread(file, bytes + at, size - at, at);
    if (got <= 0) {
      disk_failed(log, "reading the log");
      free(bytes);
      return NULL;
    }
    at += got;
  }
  return bytes;
}

struct frame {
  int is_entry;
  uint64_t seq;
  const char *rest; /* What stands behind the seq. */
  const char *end;
};

/* Reads the seq that an entry's JSON must start with. */
static void read_seq(struct frame *frame, const char *json) {
  const char *end = frame->end, *after;
  frame->is_entry = 0;
  if (!json_is_utf8(json, end)) return;
  const char *at = json_space(json, end);
  if (at == end || *at++ != '{') return;
  at = json_space(at, end);
  if (end - at < 5 || memcmp(at, "\"seq\"", 5) != 0) return;
  at = json_space(at + 5, end);
  if (at == end || *at++ != ':') return;
  const char *from = at = json_space(at, end);
  for (frame->seq = 0; at < end && *at >= '0' && *at <= '9'; at++) {
    if (__builtin_mul_overflow(frame->seq, 10, &frame->seq)) return;
    if (__builtin_add_overflow(frame->seq, *at - '0', &frame->seq)) return;
  }
  if (at == from || (*from == '0' && at - from > 1)) return;
  frame->rest = json_space(at, end);
  if (frame->rest == end || (*frame->rest != ',' && *frame->rest != '}')) return;
  const char *whole = json_skip(json, end);
  if (!whole || json_space(whole, end) != end) return;
  frame->is_entry = json_member(json, end, "seq", &after) == from;
}

/* The whole frame at `at`; 0 at the structural end. */
static int next_frame(const char *at, const char *end, struct frame *frame) {
  uint32_t size;
  if (end - at < HEADER_BYTES) return 0;
  memcpy(&size, at, HEADER_BYTES);
  size = be32toh(size);
  if (size > MAX_JSON_BYTES || size > end - at - HEADER_BYTES) return 0;
  frame->end = at + HEADER_BYTES + size;
  read_seq(frame, at + HEADER_BYTES);
  return 1;
}

/* Where the frame of the safe point, which is above 0, ends; -1 where R1 to R4 are broken. */
static off_t committed_end(struct log *log, const char *bytes, off_t size) {
  struct frame frame;
  uint64_t last = 0;
  int above = 0;
  for (const char *at = bytes; next_frame(at, bytes + size, &frame); at = frame.end) {
    if (above) {
      if (frame.is_entry && frame.seq == log->safe_seq) return -1;
      continue;
    }
    if (!frame.is_entry) return fail(log, "WAL_CORRUPT_INVALID_JSON: the frame at byte %td holds no entry", at - bytes);
    if (frame.seq != last + 1) {
      above = 1;
      fail(log, "%s: seq %lu stands in place of %lu", last == 0 ? "FIRST_SEQ_NOT_ONE" : "SEQ_GAP", frame.seq, last + 1);
      if (last == 0 || frame.seq <= log->safe_seq) return -1;
    } else if (frame.seq == log->safe_seq) return frame.end - bytes;
    last = frame.seq;
  }
  const char *code = last > 0 && log->safe_seq > last ? "SAFESEQ_GT_MAXSEQ" : "SAFESEQ_NOT_FOUND";
  return fail(log, "%s: safe_seq is %lu and the last frame has seq %lu", code, log->safe_seq, last);
}

static int expect_first_run(struct log *log, const char *bytes, off_t size) {
  struct frame frame;
  int in_use = 0;
  for (const char *at = bytes; !in_use && next_frame(at, bytes + size, &frame); at = frame.end) in_use = frame.is_entry;
  for (size_t i = 0; i < sizeof STEADY_MARKERS / sizeof *STEADY_MARKERS; i++)
    in_use = in_use || access(path(log, STEADY_MARKERS[i]), F_OK) == 0;
  return in_use ? fail(log, "STEADY_WITHOUT_SAFESEQ: the directory has been in use and has no safe_seq") : 0;
}

/* Decides what is committed, changing nothing: the log's size on disk, or -1. */
static off_t examine(struct log *log, int has_safe_point) {
  struct stat status = {0};
  int file = open(path(log, WAL), O_RDONLY);
  if (file < 0 && errno != ENOENT) return disk_failed(log, "opening the log");
  if (file >= 0) fstat(file, &status);
  char *bytes = read_log(log, file, status.st_size);
  if (file >= 0) close(file);
  if (!bytes) return -1;
  log->end = 0;
  if (!has_safe_point) log->end = expect_first_run(log, bytes, status.st_size);
  else if (log->safe_seq > 0) log->end = committed_end(log, bytes, status.st_size);
  free(bytes);
  return log->end < 0 ? -1 : status.st_size;
}

static int settle(struct log *log, off_t size, int has_safe_point) {
  if (size > log->end && ftruncate(log->file, log->end)) return disk_failed(log, "cutting the log");
  if ((size > log->end || !has_safe_point) && sync_file(log->file, 0)) return disk_failed(log, "syncing the log");
  if (!has_safe_point) return replace_safe_point(log, 0);
  if (unlink(path(log, SAFE_SEQ_TMP)) && errno != ENOENT) return disk_failed(log, "removing an old safe point");
  return sync_directory(log);
}

int log_open(struct log *log, const char *directory) {
  memset(log, 0, sizeof *log);
  log->file = -1;
  snprintf(log->directory, sizeof log->directory, "%s", directory);
  int has_safe_point = read_safe_point(log, &log->safe_seq);
  if (has_safe_point < 0) return -1;
  off_t size = examine(log, has_safe_point);
  if (size < 0) return -1;
  log->file = open(path(log, WAL), O_RDWR | O_CREAT, 0644);
  if (log->file < 0) return disk_failed(log, "opening the log");
  if (settle(log, size, has_safe_point) == 0) return 0;
  log_close(log);
  return -1;
}

int log_append(struct log *log, const char *members, size_t length) {
  if (log->file < 0) return fail(log, "the log is not open");
  if (log->failed) return fail(log, "an append failed before; open the log again");
  uint64_t seq = log->safe_seq + 1;
  char *frame = malloc(HEADER_BYTES + length + 64);
  if (!frame) return fail(log, "there is no memory for the entry");
  int head = sprintf(frame + HEADER_BYTES, "{\"seq\":%lu,", seq);
  memcpy(frame + HEADER_BYTES + head, members, length);
  frame[HEADER_BYTES + head + length] = '}';
  uint32_t size = head + length + 1, header = htobe32(size);
  off_t end = log->end + HEADER_BYTES + size;
  memcpy(frame, &header, HEADER_BYTES);
  if (size > MAX_JSON_BYTES || end > MAX_LOG_BYTES) {
    free(frame);
    return fail(log, "the entry is too large");
  }
  log->failed = 1;
  int failed = write_all(log->file, frame, HEADER_BYTES + size, log->end) || sync_file(log->file, 0);
  free(frame);
  if (failed) return disk_failed(log, "writing the entry");
  if (replace_safe_point(log, seq)) return -1;
  log->failed = 0;
  log->safe_seq = seq;
  log->end = end;
  return 0;
}

char *log_read(struct log *log) {
  if (log->file >= 0) return read_log(log, log->file, log->end);
  fail(log, "the log is not open");
  return NULL;
}

void log_each(const struct log *log, const char *bytes, void (*each)(const char *rest, const char *end)) {
  struct frame frame;
  for (const char *at = bytes; next_frame(at, bytes + log->end, &frame); at = frame.end) each(frame.rest, frame.end);
}

void log_close(struct log *log) {
  if (log->file >= 0) close(log->file);
  log->file = -1;
}
