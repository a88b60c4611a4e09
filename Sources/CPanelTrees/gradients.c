#include "CPanelTrees.h"
#include "dispatch.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* Slots computed at a time. */
enum { block_slots = 64 };

/* exp(x) for |x| < 700, within 2^-50 of its value: 2^k exp(r), and exp(r) by its Taylor series. */
PANEL_INLINE double fast_exp(double x) {
  const double shift = 0x1.8p52;
  double shifted = x * 0x1.71547652b82fep0 + shift;
  double k = shifted - shift;
  double r = (x - k * 0x1.62e42fefa0000p-1) - k * 0x1.cf79abc9e3b39p-40;
  double r2 = r * r;
  double r4 = r2 * r2;
  double p01 = 1.0 + r;
  double p23 = 1.0 / 2 + r * (1.0 / 6);
  double p45 = 1.0 / 24 + r * (1.0 / 120);
  double p67 = 1.0 / 720 + r * (1.0 / 5040);
  double p89 = 1.0 / 40320 + r * (1.0 / 362880);
  double pab = 1.0 / 3628800 + r * (1.0 / 39916800);
  double pcd = 1.0 / 479001600 + r * (1.0 / 6227020800);
  double low = p01 + r2 * p23;
  double middle = p45 + r2 * p67;
  double high = p89 + r2 * pab;
  double value = low + r4 * (middle + r4 * (high + r4 * pcd));
  int64_t bits, exponent;
  memcpy(&bits, &shifted, 8);
  exponent = (int64_t)((uint64_t)bits << 52);
  memcpy(&bits, &value, 8);
  bits += exponent;
  memcpy(&value, &bits, 8);
  return value;
}

/* Whether a change of the number by 2^14 of its last places could change the 32-bit float that it is
 * rounded to: its last 29 bits are near the middle. */
PANEL_INLINE int64_t is_near_middle(double number) {
  const uint64_t reach = 1 << 14;
  uint64_t bits;
  memcpy(&bits, &number, 8);
  return ((bits & 0x1fffffff) - (0x10000000 - reach)) < 2 * reach;
}

/* Rounds a number below 2^51 to a whole one. */
PANEL_INLINE int64_t whole(double number) {
  const double shift = 0x1.8p52;
  double shifted = number + shift;
  int64_t bits;
  memcpy(&bits, &shifted, 8);
  return bits - 0x4338000000000000;
}

/* The C library's exp decides here, as it does in LightGBM. */
static void exact_block(
    const double *scores, const float *signed_weights, size_t count, double sigmoid,
    double gradient_scale, double hessian_scale, int64_t *gradients, int64_t *hessians) {
  for (size_t i = 0; i < count; i++) {
    double weight = fabsf(signed_weights[i]);
    double label = signbit(signed_weights[i]) ? -1.0 : 1.0;
    double response = -label * sigmoid / (1.0 + exp(label * sigmoid * scores[i]));
    double size = fabs(response);
    float gradient = (float)(response * weight);
    float hessian = (float)(size * (sigmoid - size) * weight);
    gradients[i] = llrint((double)gradient * gradient_scale);
    hessians[i] = llrint((double)hessian * hessian_scale);
  }
}

/* Returns whether the block must be computed with the C library's exp. */
PANEL_INLINE int fast_block(
    const double *scores, const float *signed_weights, double sigmoid, double gradient_scale,
    double hessian_scale, int64_t *gradients, int64_t *hessians) {
  int64_t unsure = 0;
  for (size_t i = 0; i < block_slots; i++) {
    double signed_weight = signed_weights[i];
    double weight = fabs(signed_weight);
    double label = copysign(1.0, signed_weight);
    double exponent = label * sigmoid * scores[i];
    double size = sigmoid / (1.0 + fast_exp(exponent));
    double gradient = -label * size * weight;
    double hessian = size * (sigmoid - size) * weight;
    /* Below -9, sigmoid - size loses too many places to be judged by the middle alone. */
    unsure |= is_near_middle(gradient) | is_near_middle(hessian) |
              !(exponent > -9.0) | !(exponent < 600.0);
    gradients[i] = whole((double)(float)gradient * gradient_scale);
    hessians[i] = whole((double)(float)hessian * hessian_scale);
  }
  return unsure != 0;
}

PANEL_INLINE void panel_gradients_body(
    const double *scores, const float *signed_weights, size_t count, double sigmoid,
    double gradient_scale, double hessian_scale, int small, panel_sum *prefix) {
  int64_t gradients[block_slots], hessians[block_slots];
  int64_t gradient = 0, hessian = 0;
  for (size_t first = 0; first < count; first += block_slots) {
    size_t size = count - first < block_slots ? count - first : block_slots;
    int exact = !small || size < block_slots;
    if (!exact) {
      exact = fast_block(
          scores + first, signed_weights + first, sigmoid, gradient_scale, hessian_scale,
          gradients, hessians);
    }
    if (exact) {
      exact_block(
          scores + first, signed_weights + first, size, sigmoid, gradient_scale, hessian_scale,
          gradients, hessians);
    }
    for (size_t i = 0; i < size; i++) {
      prefix[first + i].gradient = gradient;
      prefix[first + i].hessian = hessian;
      gradient += gradients[i];
      hessian += hessians[i];
    }
  }
}

PANEL_DISPATCH(
    panel_gradients,
    (const double *scores, const float *signed_weights, size_t count, double sigmoid,
     double gradient_scale, double hessian_scale, int small, panel_sum *prefix),
    (scores, signed_weights, count, sigmoid, gradient_scale, hessian_scale, small, prefix))
