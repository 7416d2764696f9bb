/*
 * Functions that a hot loop must have inside it; once each where what is
 * reached of them is counted (make coverage).
 */
#ifndef INLINE_H
#define INLINE_H

#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#endif

#endif
