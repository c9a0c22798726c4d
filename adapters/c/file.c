/*
 * Stands in for your program: one file. Put calls of your own in the place of what these four do. Each returns 0
 * only once the change is as durable as pullplug.json promises, or -1 with errno where it failed.
 */

static int open_subject(const char *directory) { /* It exists. */
  return load(directory);
}

static int change(const struct request *asked) { /* replace with asked->content */
  forget();
  add(asked->content);
  return save();
}

static int read_subject(void) { /* The content, or null where there is none yet. */
  answer("\"content\":");
  if (count == 0) answer("null");
  else answer_text(items[0]);
  return 0;
}

static int close_subject(void) {
  forget();
  return 0;
}
