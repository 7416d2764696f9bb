/* Functions that a hot loop must have inside it. */
#ifndef INLINE_H
#define INLINE_H

#define INLINE static inline __attribute__((always_inline))

#endif
