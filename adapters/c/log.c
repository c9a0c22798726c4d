/*
 * Stands in for your program: a log. Put calls of your own in the place of what these four do. Each returns 0
 * only once the change is as durable as pullplug.json promises, or -1 with errno where it failed.
 */

static int open_subject(const char *directory) { /* It exists. */
  return load(directory);
}

static int change(const struct request *asked) { /* append with asked->entry */
  add(asked->entry);
  return save();
}

static int read_subject(void) { /* All entries, in order. */
  answer("\"entries\":[");
  for (size_t at = 0; at < count; at++) {
    if (at > 0) answer(",");
    answer_text(items[at]);
  }
  answer("]");
  return 0;
}

static int close_subject(void) {
  forget();
  return 0;
}
