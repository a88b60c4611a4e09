/* One body for two instruction sets: PANEL_DISPATCH(name, parameters, arguments) defines a function
 * that calls name_body, compiled for AVX2 where the processor has it. */
#ifndef HOLDOUT_PANEL_DISPATCH_H
#define HOLDOUT_PANEL_DISPATCH_H

#define PANEL_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define PANEL_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
#define PANEL_HAS_AVX2 __builtin_cpu_supports("avx2")
#define PANEL_DISPATCH(name, parameters, arguments)                    \
  PANEL_AVX2 static void name##_avx2 parameters { name##_body arguments; } \
  static void name##_plain parameters { name##_body arguments; }       \
  void name parameters {                                               \
    if (PANEL_HAS_AVX2) name##_avx2 arguments;                         \
    else name##_plain arguments;                                       \
  }
#else
#define PANEL_DISPATCH(name, parameters, arguments) \
  void name parameters { name##_body arguments; }
#endif

#endif
