// Reads digits.csv: an image a row, 64 pixels and the digit. Plain C++: nothing here knows of the library.
#pragma once

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

constexpr std::ptrdiff_t pixels = 64, classes = 10;

struct images {
  std::vector<float> x;  // row by row, grey values from 0 to 1
  std::vector<std::int32_t> label;
};

struct data_set {
  images train, held_out;
};

/// Every third image is held out.
inline data_set load_images(const std::string& name) {
  std::ifstream file(name);
  if (!file) throw std::runtime_error("cannot read " + name);
  data_set data;
  std::string line, cell;
  for (std::size_t row = 0; std::getline(file, line); ++row) {
    images& set = row % 3 == 0 ? data.held_out : data.train;
    std::istringstream cells(line);
    for (std::ptrdiff_t j = 0; j < pixels && std::getline(cells, cell, ','); ++j) set.x.push_back(std::stof(cell) / 16);
    std::getline(cells, cell);
    set.label.push_back(std::stoi(cell));
  }
  return data;
}
