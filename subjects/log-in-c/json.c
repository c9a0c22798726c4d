#include "json.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_DEPTH = 1000 };

static const char *value(const char *at, const char *end, int depth);

const char *json_space(const char *at, const char *end) {
  while (at < end && strchr(" \t\n\r", *at) && *at) at++;
  return at;
}

static const char *string(const char *at, const char *end) {
  if (at == end || *at++ != '"') return NULL;
  for (; at < end; at++) {
    if (*at == '"') return at + 1;
    if ((unsigned char)*at < 0x20) return NULL;
    if (*at != '\\') continue;
    if (++at == end || !*at) return NULL;
    if (*at == 'u') {
      for (int i = 0; i < 4; i++)
        if (++at == end || !*at || !strchr("0123456789abcdefABCDEF", *at)) return NULL;
    } else if (!strchr("\"\\/bfnrt", *at)) return NULL;
  }
  return NULL;
}

static const char *digits(const char *at, const char *end) {
  const char *from = at;
  while (at < end && *at >= '0' && *at <= '9') at++;
  return at == from ? NULL : at;
}

static const char *number(const char *at, const char *end) {
  if (at < end && *at == '-') at++;
  at = at < end && *at == '0' ? at + 1 : digits(at, end);
  if (at && at < end && *at == '.') at = digits(at + 1, end);
  if (at && at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    at = digits(at, end);
  }
  return at;
}

static const char *word(const char *at, const char *end, const char *text) {
  size_t length = strlen(text);
  return (size_t)(end - at) >= length && memcmp(at, text, length) == 0 ? at + length : NULL;
}

/* The members of an object or the items of an array, behind its bracket, up to its `closing` one. */
static const char *inside(const char *at, const char *end, char closing, int depth) {
  at = json_space(at, end);
  if (at < end && *at == closing) return at + 1;
  while (at) {
    if (closing == '}') {
      at = string(json_space(at, end), end);
      if (!at) return NULL;
      at = json_space(at, end);
      if (at == end || *at++ != ':') return NULL;
    }
    at = value(at, end, depth);
    if (!at) return NULL;
    at = json_space(at, end);
    if (at == end) return NULL;
    if (*at == closing) return at + 1;
    if (*at++ != ',') return NULL;
  }
  return NULL;
}

static const char *value(const char *at, const char *end, int depth) {
  at = json_space(at, end);
  if (at == end || depth > MAX_DEPTH) return NULL;
  switch (*at) {
    case '"': return string(at, end);
    case '{': return inside(at + 1, end, '}', depth + 1);
    case '[': return inside(at + 1, end, ']', depth + 1);
    case 't': return word(at, end, "true");
    case 'f': return word(at, end, "false");
    case 'n': return word(at, end, "null");
    default: return number(at, end);
  }
}

const char *json_skip(const char *at, const char *end) { return value(at, end, 0); }

/* Whether the string at `at` is an ASCII name, each of its letters as it is or as \\u00XX. */
static int is_name(const char *at, const char *name) {
  for (at++; *name; name++) {
    char escaped[7];
    snprintf(escaped, sizeof escaped, "\\u%04x", *name);
    if (strncasecmp(at, escaped, 6) == 0) at += 6;
    else if (*at++ != *name) return 0;
  }
  return *at == '"';
}

const char *json_member(const char *at, const char *end, const char *name, const char **after) {
  const char *found = NULL;
  at = json_space(at, end) + 1;
  for (;;) {
    at = json_space(at, end);
    if (*at == '}') return found;
    if (*at == ',') at = json_space(at + 1, end);
    int is_it = is_name(at, name);
    at = string(at, end);
    at = json_space(json_space(at, end) + 1, end);
    if (is_it) found = at;
    at = value(at, end, 0);
    if (is_it) *after = at;
  }
}

int json_is_utf8(const char *at, const char *end) {
  const unsigned char *byte = (const unsigned char *)at, *stop = (const unsigned char *)end;
  while (byte < stop) {
    unsigned lead = *byte++;
    if (lead < 0x80) continue;
    int more = lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
    if (more == 0 || stop - byte < more) return 0;
    /* Overlong forms, surrogates, and what is beyond Unicode show in the second byte. */
    if ((lead == 0xe0 && *byte < 0xa0) || (lead == 0xed && *byte > 0x9f) || (lead == 0xf0 && *byte < 0x90) ||
        (lead == 0xf4 && *byte > 0x8f))
      return 0;
    while (more-- > 0)
      if ((*byte++ & 0xc0) != 0x80) return 0;
  }
  return 1;
}

void json_print(const char *at, const char *end) {
  putchar('"');
  for (; at < end; at++) {
    if (*at == '"' || *at == '\\') putchar('\\');
    if ((unsigned char)*at < 0x20) printf("\\u%04x", *at);
    else putchar(*at);
  }
  putchar('"');
}

const char *json_text(const char *at, const char *end, char *text, size_t size) {
  char *to = text;
  for (at++; at < end - 1 && to < text + size - 1; at++) *to++ = *at == '\\' ? *++at : *at;
  *to = 0;
  return text;
}
