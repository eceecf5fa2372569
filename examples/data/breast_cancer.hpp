// Reads breast_cancer.csv into a matrix, one row a patient. Plain C++: nothing here knows of the library.
#pragma once

#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

constexpr std::ptrdiff_t features = 30;

struct patients {
  std::vector<float> x;       // row by row
  std::vector<float> benign;  // 0 or 1
};

struct data_set {
  patients train, held_out;
};

/// Every third patient is held out. The others set the scale: they have mean 0 and deviation 1 in each column.
inline data_set load_patients(const std::string& name) {
  std::ifstream file(name);
  std::string cell;
  if (!std::getline(file, cell)) throw std::runtime_error("cannot read " + name);

  data_set data;
  for (std::size_t row = 0; std::getline(file, cell, ','); ++row) {
    patients& set = row % 3 == 0 ? data.held_out : data.train;
    for (std::ptrdiff_t j = 0; j < features; ++j) {
      set.x.push_back(std::stof(cell));
      std::getline(file, cell, j < features - 1 ? ',' : '\n');
    }
    set.benign.push_back(std::stof(cell));
  }

  for (std::size_t j = 0; j < features; ++j) {
    double mean = 0, variance = 0;
    const std::vector<float>& x = data.train.x;
    const auto n = static_cast<double>(data.train.benign.size());
    for (std::size_t i = j; i < x.size(); i += features) mean += x[i] / n;
    for (std::size_t i = j; i < x.size(); i += features) variance += (x[i] - mean) * (x[i] - mean) / n;
    for (patients* set : {&data.train, &data.held_out})
      for (std::size_t i = j; i < set->x.size(); i += features)
        set->x[i] = static_cast<float>((set->x[i] - mean) / std::sqrt(variance));
  }
  return data;
}
