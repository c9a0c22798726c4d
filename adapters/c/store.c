/*
 * Stands in for your program: a store. Put calls of your own in the place of what these four do. Each returns 0
 * only once the change is as durable as pullplug.json promises, or -1 with errno where it failed.
 */

static int open_subject(const char *directory) { /* It exists. */
  return load(directory);
}

/* put with asked->key and asked->value, or delete with asked->key */
static int change(const struct request *asked) {
  size_t at = 0;
  while (at < count && !same(items[at], asked->key)) at += 2;
  if (strcmp(asked->what, "put") == 0) {
    if (at == count) {
      add(asked->key);
      add(asked->value);
    } else {
      free(items[at + 1].bytes);
      items[at + 1] = copy_of(asked->value);
    }
  } else if (at < count) {
    free(items[at].bytes);
    free(items[at + 1].bytes);
    memmove(&items[at], &items[at + 2], (count - at - 2) * sizeof *items);
    count -= 2;
  }
  return save();
}

static int read_subject(void) { /* All pairs, in any order. */
  answer("\"pairs\":[");
  for (size_t at = 0; at < count; at += 2) {
    answer(at == 0 ? "[" : ",[");
    answer_text(items[at]);
    answer(",");
    answer_text(items[at + 1]);
    answer("]");
  }
  answer("]");
  return 0;
}

static int close_subject(void) {
  forget();
  return 0;
}
