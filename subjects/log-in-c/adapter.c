/* Speaks for the log in log.c. An entry is kept as {"seq": n, "text": entry}, the text as JSON had it. */
#include "json.h"
#include "log.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct log log_ = {.file = -1};
static int entries;

/* An entry as it was appended; an object that no adapter made of a text is its own JSON. */
static void print_entry(const char *rest, const char *end) {
  static const char TEXT[] = ",\"text\":\"";
  if (entries++) putchar(',');
  const char *text = rest + strlen(TEXT) - 1;
  int starts = (size_t)(end - rest) > strlen(TEXT) && memcmp(rest, TEXT, strlen(TEXT)) == 0;
  if (starts && json_skip(text, end) == end - 1) {
    fwrite(text, 1, end - 1 - text, stdout);
    return;
  }
  if (*rest == '}') {
    fputs("\"{}\"", stdout);
    return;
  }
  char *object = strndup(rest, end - rest);
  object[0] = '{';
  json_print(object, object + (end - rest));
  free(object);
}

static int is(const char *quoted, const char *word) {
  return strncmp(quoted + 1, word, strlen(word)) == 0 && quoted[strlen(word) + 1] == '"';
}

/* Does what a request asks; what it reads stands in `*bytes`. */
static int answer(const char *line, const char *end, char **bytes) {
  const char *after, *what = json_member(line, end, "do", &after);
  if (is(what, "open")) {
    const char *directory = json_member(line, end, "directory", &after);
    char path[PATH_MAX];
    return log_open(&log_, json_text(directory, after, path, sizeof path));
  }
  if (is(what, "append")) {
    const char *entry = json_member(line, end, "entry", &after);
    char *members = malloc(after - entry + 8);
    int length = sprintf(members, "\"text\":%.*s", (int)(after - entry), entry);
    int failed = log_append(&log_, members, length);
    free(members);
    return failed;
  }
  if (is(what, "read")) return (*bytes = log_read(&log_)) ? 0 : -1;
  log_close(&log_);
  return 0;
}

int main(void) {
  char *line = NULL;
  size_t room = 0;
  for (ssize_t length; (length = getline(&line, &room, stdin)) > 0; fflush(stdout)) {
    char *bytes = NULL;
    const char *after, *end = line + length, *id = json_member(line, end, "id", &after);
    int failed = answer(line, end, &bytes);
    printf("{\"id\":%.*s,\"ok\":%s", (int)(after - id), id, failed ? "false,\"message\":" : "true");
    if (failed) json_print(log_.why, log_.why + strlen(log_.why));
    if (bytes) {
      fputs(",\"entries\":[", stdout);
      entries = 0;
      log_each(&log_, bytes, print_entry);
      putchar(']');
      free(bytes);
    }
    puts("}");
  }
}
