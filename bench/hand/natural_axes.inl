// H1 and H2 of the workloads with axes: rows as anyone would write them, in scalar C++, sums in the element type
// included. Text of h1.cpp and h2.cpp, like natural.inl.

float cross_entropy(const float* HAND_RESTRICT x, const std::int32_t* HAND_RESTRICT label, float* HAND_RESTRICT dx,
                    std::size_t n, std::size_t m) {
  float scale = 1 / static_cast<float>(n), loss = 0;
  for (std::size_t i = 0; i < n; ++i, x += m, dx += m) {
    float largest = x[0], sum = 0;
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) largest = x[j] > largest ? x[j] : largest;
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) {
      float e = std::exp(x[j] - largest);
      dx[j] = e;
      sum += e;
    }
    float inverse = scale / sum;
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) dx[j] *= inverse;
    dx[label[i]] -= scale;
    loss += std::log(sum) + largest - x[label[i]];
  }
  return loss * scale;
}

void layer_norm(const float* HAND_RESTRICT x, const float* HAND_RESTRICT gamma, const float* HAND_RESTRICT beta,
                const float* HAND_RESTRICT dy, float* HAND_RESTRICT y, float* HAND_RESTRICT dx,
                float* HAND_RESTRICT dgamma, float* HAND_RESTRICT dbeta, std::size_t n, std::size_t m) {
  float c = 1 / static_cast<float>(m);
  for (std::size_t j = 0; j < m; ++j) dgamma[j] = dbeta[j] = 0;
  for (std::size_t i = 0; i < n; ++i, x += m, dy += m, y += m, dx += m) {
    float mean = 0, variance = 0, by_mean = 0, by_scale = 0;
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) mean += x[j];
    mean *= c;
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) variance += (x[j] - mean) * (x[j] - mean);
    float r = 1 / std::sqrt(variance * c + 1e-5f);
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) {
      by_mean += dy[j] * gamma[j];
      by_scale += dy[j] * gamma[j] * (x[j] - mean);
    }
    by_mean *= c;
    by_scale *= c * r;
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) {
      float normal = (x[j] - mean) * r;
      y[j] = normal * gamma[j] + beta[j];
      dx[j] = r * (dy[j] * gamma[j] - by_mean - normal * by_scale);
      dgamma[j] += dy[j] * normal;
      dbeta[j] += dy[j];
    }
  }
}

void bias_gelu(const float* HAND_RESTRICT x, const float* HAND_RESTRICT b, const float* HAND_RESTRICT dy,
               float* HAND_RESTRICT dx, float* HAND_RESTRICT db, std::size_t n, std::size_t m) {
  for (std::size_t j = 0; j < m; ++j) db[j] = 0;
  for (std::size_t i = 0; i < n; ++i, x += m, dy += m, dx += m) {
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) {
      float z = x[j] + b[j];
      float slope = 0.5f + 0.5f * std::erf(z * 0.70710678f) + z * 0.39894228f * std::exp(-0.5f * z * z);
      dx[j] = dy[j] * slope;
      db[j] += dy[j] * slope;
    }
  }
}

float softmax_regression(const float* HAND_RESTRICT x, const float* HAND_RESTRICT w, const float* HAND_RESTRICT b,
                         const std::int32_t* HAND_RESTRICT label, float* HAND_RESTRICT dw, float* HAND_RESTRICT db,
                         std::size_t n, std::size_t m, std::size_t classes) {
  float scale = 1 / static_cast<float>(n), loss = 0, z[64];
  for (std::size_t k = 0; k < classes * m; ++k) dw[k] = 0;
  for (std::size_t c = 0; c < classes; ++c) db[c] = 0;
  for (std::size_t i = 0; i < n; ++i, x += m) {
    float largest = -INFINITY, sum = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      float dot = b[c];
      HAND_LOOP
      for (std::size_t j = 0; j < m; ++j) dot += x[j] * w[c * m + j];
      z[c] = dot;
      largest = dot > largest ? dot : largest;
    }
    loss += largest - z[label[i]];
    for (std::size_t c = 0; c < classes; ++c) {
      z[c] = std::exp(z[c] - largest);
      sum += z[c];
    }
    loss += std::log(sum);
    for (std::size_t c = 0; c < classes; ++c) z[c] *= scale / sum;
    z[label[i]] -= scale;
    for (std::size_t c = 0; c < classes; ++c) {
      db[c] += z[c];
      HAND_LOOP
      for (std::size_t j = 0; j < m; ++j) dw[c * m + j] += z[c] * x[j];
    }
  }
  return loss * scale;
}

float linear_focal(const float* HAND_RESTRICT x, const float* HAND_RESTRICT w, float b, const float* HAND_RESTRICT t,
                   float* HAND_RESTRICT dw, float* HAND_RESTRICT db, std::size_t n, std::size_t m) {
  float scale = 1 / static_cast<float>(n), loss = 0, bias = 0;
  for (std::size_t j = 0; j < m; ++j) dw[j] = 0;
  for (std::size_t i = 0; i < n; ++i, x += m) {
    float logit = b;
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) logit += x[j] * w[j];
    float s = 2 * t[i] - 1, z = s * logit, a = 0.75f - 0.5f * t[i];
    float e = std::exp(-std::fabs(z)), large = 1 / (1 + e), small = e * large;
    float q = z > 0 ? small : large, p = z > 0 ? large : small;
    float softplus = std::log1p(e) + (z > 0 ? 0.0f : -z);
    loss += a * q * q * softplus;
    float g = -a * q * q * (2 * p * softplus + q) * s * scale;
    bias += g;
    HAND_LOOP
    for (std::size_t j = 0; j < m; ++j) dw[j] += g * x[j];
  }
  *db = bias;
  return loss * scale;
}
