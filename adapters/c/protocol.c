
/* The protocol: there is nothing to change below. */

static FILE *answers;

static void answer(const char *json) { fputs(json, answers); }

static void answer_text(struct text text) {
  fputc('"', answers);
  for (size_t at = 0; at < text.size; at++) {
    unsigned char byte = (unsigned char)text.bytes[at];
    if (byte < 0x20) fprintf(answers, "\\u%04x", byte);
    else fprintf(answers, byte == '"' || byte == '\\' ? "\\%c" : "%c", byte);
  }
  fputc('"', answers);
}

/* Writes a character in UTF-8, and returns what comes behind it. */
static char *write_utf8(char *to, unsigned code) {
  if (code < 0x80) {
    *to++ = (char)code;
    return to;
  }
  int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  *to++ = (char)((0xf0 << (3 - more)) | (code >> (6 * more)));
  while (more-- > 0) *to++ = (char)(0x80 | ((code >> (6 * more)) & 0x3f));
  return to;
}

static unsigned hex(const char *from) {
  char digits[5] = {from[0], from[1], from[2], from[3], 0};
  return (unsigned)strtoul(digits, NULL, 16);
}

/* Reads a text from its opening quotation mark on, in its place, and returns what comes behind its closing one. */
static char *parse_text(char *from, struct text *text) {
  char *to = text->bytes = ++from;
  while (*from != '"' && *from != 0) {
    if (*from != '\\') {
      *to++ = *from++;
      continue;
    }
    const char *escape = strchr("b\bf\fn\nr\rt\t", from[1]);
    if (from[1] != 'u') {
      *to++ = escape == NULL ? from[1] : escape[1];
      from += 2;
      continue;
    }
    unsigned code = hex(from + 2);
    from += 6;
    if (code >= 0xd800 && code < 0xdc00) {
      code = 0x10000 + ((code - 0xd800) << 10) + (hex(from + 2) - 0xdc00);
      from += 6;
    }
    to = write_utf8(to, code);
  }
  text->size = (size_t)(to - text->bytes);
  char *behind = *from == 0 ? from : from + 1;
  *to = 0;
  return behind;
}

/* Reads an object of texts and one number, the id, in its place. */
static long long parse(char *line, struct request *asked) {
  struct text none = {"", 0}, name, what = none;
  long long id = 0;
  asked->directory = asked->entry = asked->key = asked->value = asked->content = none;
  for (char *at = strchr(line, '"'); at != NULL; at = strchr(at, '"')) {
    at = parse_text(at, &name);
    at += strspn(at, ": ");
    if (*at != '"') {
      id = strtoll(at, &at, 10);
      continue;
    }
    struct text value;
    at = parse_text(at, &value);
    if (strcmp(name.bytes, "do") == 0) what = value;
    else if (strcmp(name.bytes, "directory") == 0) asked->directory = value;
    else if (strcmp(name.bytes, "entry") == 0) asked->entry = value;
    else if (strcmp(name.bytes, "key") == 0) asked->key = value;
    else if (strcmp(name.bytes, "value") == 0) asked->value = value;
    else if (strcmp(name.bytes, "content") == 0) asked->content = value;
  }
  snprintf(asked->what, sizeof asked->what, "%s", what.bytes);
  return id;
}

static int act(const struct request *asked) {
  if (strcmp(asked->what, "open") == 0) return open_subject(asked->directory.bytes);
  if (strcmp(asked->what, "read") == 0) return 0;
  if (strcmp(asked->what, "close") == 0) return close_subject();
  return change(asked);
}

static void refuse(long long id, int error) {
  const char *code = error == ENOSPC ? "ENOSPC" : error == EIO ? "EIO" : error == EROFS ? "EROFS" : NULL;
  struct text message = {strerror(error), strlen(strerror(error))};
  fprintf(answers, "{\"id\":%lld,\"ok\":false,\"message\":", id);
  answer_text(message);
  if (code != NULL) fprintf(answers, ",\"code\":\"%s\"", code);
}

int main(void) {
  answers = fdopen(dup(1), "w");
  dup2(2, 1); /* What the program prints must not stand among the answers. */
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    struct request asked;
    long long id = parse(line, &asked);
    if (act(&asked) != 0) {
      refuse(id, errno);
    } else {
      fprintf(answers, "{\"id\":%lld,\"ok\":true", id);
      if (strcmp(asked.what, "read") == 0) {
        answer(",");
        read_subject();
      }
    }
    answer("}\n");
    fflush(answers);
  }
  return 0;
}
