/* The word that was meant, for messages about one that is mistyped. */
#ifndef NEAREST_H
#define NEAREST_H

/*
 * The nearest of some words (which end with NULL) to what was typed, in any
 * case: by letters, or by how it begins. NULL where none is near.
 */
const char *nearest_word(const char *typed, const char *const *words);

#endif
