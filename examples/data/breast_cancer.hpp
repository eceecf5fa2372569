// Reads breast_cancer.csv into columns, as a fused loop wants them. Plain C++: nothing here knows of the library.
#pragma once

#include <array>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

constexpr std::size_t columns = 31;  // 30 features and a 1, whose weight is the bias

struct patients {
  std::array<std::vector<float>, columns> x;
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
    for (std::size_t j = 0; j < columns - 1; ++j) {
      set.x[j].push_back(std::stof(cell));
      std::getline(file, cell, j < columns - 2 ? ',' : '\n');
    }
    set.x[columns - 1].push_back(1);
    set.benign.push_back(std::stof(cell));
  }

  for (std::size_t j = 0; j < columns - 1; ++j) {
    double mean = 0, variance = 0;
    const auto n = static_cast<double>(data.train.x[j].size());
    for (const double x : data.train.x[j]) mean += x / n;
    for (const double x : data.train.x[j]) variance += (x - mean) * (x - mean) / n;
    for (patients* set : {&data.train, &data.held_out})
      for (float& x : set->x[j]) x = static_cast<float>((x - mean) / std::sqrt(variance));
  }
  return data;
}
