/*
 * How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line.
 * Build it: BUILD
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A text of any bytes. Behind it stands a NUL, which `size` does not count. */
struct text {
  char *bytes;
  size_t size;
};

/* What is asked. A field that a request does not have is empty. */
struct request {
  char what[16];
  struct text directory, entry, key, value, content;
};

static int same(struct text a, struct text b) {
  return a.size == b.size && memcmp(a.bytes, b.bytes, a.size) == 0;
}

static void answer(const char *json);
static void answer_text(struct text text);

/* What the stand-in below needs, and goes with it: texts in memory, and in one file that is replaced as a whole. */
static struct text *items;
static size_t count;
static char folder[PATH_MAX], path[PATH_MAX + 16], temporary[PATH_MAX + 32];

static struct text copy_of(struct text text) {
  struct text copy = {malloc(text.size + 1), text.size};
  memcpy(copy.bytes, text.bytes, text.size);
  copy.bytes[text.size] = 0;
  return copy;
}

static void add(struct text text) {
  items = realloc(items, (count + 1) * sizeof *items);
  items[count++] = copy_of(text);
}

static void forget(void) {
  while (count > 0) free(items[--count].bytes);
}

static int load(const char *directory) {
  snprintf(folder, sizeof folder, "%s", directory);
  snprintf(path, sizeof path, "%s/data", folder);
  snprintf(temporary, sizeof temporary, "%s.tmp", path);
  forget();
  FILE *file = fopen(path, "r");
  if (file == NULL) return errno == ENOENT ? 0 : -1;
  size_t size;
  while (fread(&size, sizeof size, 1, file) == 1) {
    struct text text = {malloc(size + 1), size};
    if (fread(text.bytes, 1, size, file) != size) break;
    add(text);
    free(text.bytes);
  }
  int failed = ferror(file); /* The end of a file is none. */
  return fclose(file) != 0 || failed ? -1 : 0;
}

static int sync_folder(void) {
  int directory = open(folder, O_RDONLY);
  if (directory < 0) return -1;
  int failed = fsync(directory);
  close(directory);
  return failed;
}

/* Synced, renamed, and the name synced: without any of the three, a power cut can undo it. */
static int save(void) {
  FILE *file = fopen(temporary, "w");
  if (file == NULL) return -1;
  for (size_t at = 0; at < count; at++) {
    fwrite(&items[at].size, sizeof items[at].size, 1, file);
    fwrite(items[at].bytes, 1, items[at].size, file);
  }
  int failed = fflush(file) != 0 || ferror(file) || fsync(fileno(file)) != 0;
  if (fclose(file) != 0 || failed) return -1;
  return rename(temporary, path) == 0 ? sync_folder() : -1;
}

