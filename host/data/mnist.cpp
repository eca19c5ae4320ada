// Where MNIST is looked for, and its four files.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "host/data/dataset.hpp"
#include "host/data/idx.hpp"
#include "models/error.hpp"

namespace crucible::data {

namespace fs = std::filesystem;

namespace {

constexpr int kClasses = 10;

/// The file under one of the spellings that are in use, or nothing.
std::optional<fs::path> find_file(const fs::path& folder, const std::string& set,
                                  const std::string& kind, int dimensions) {
  for (const char* separator : {"-", "."}) {
    for (const char* suffix : {"", ".gz"}) {
      const fs::path file =
          folder / fmt::format("{}-{}{}idx{}-ubyte{}", set, kind, separator, dimensions, suffix);
      if (fs::is_regular_file(file)) return file;
    }
  }
  return std::nullopt;
}

std::optional<fs::path> with_or_without_mnist(const fs::path& folder) {
  for (const fs::path& candidate : {folder, folder / "mnist"})
    if (find_file(candidate, "train", "images", 3) || find_file(candidate, "t10k", "images", 3))
      return candidate;
  return std::nullopt;
}

fs::path need_file(const fs::path& folder, const std::string& set, const std::string& kind,
                   int dimensions) {
  if (const auto file = find_file(folder, set, kind, dimensions)) return *file;
  throw Error(
      ErrorKind::kData,
      fmt::format("{}: {}-{}-idx{}-ubyte is missing (plain or .gz); fetch MNIST again (make data)",
                  folder.string(), set, kind, dimensions));
}

ImageSet load_set(const fs::path& folder, const std::string& set, Dataset& dataset) {
  const fs::path image_file = need_file(folder, set, "images", 3);
  const fs::path label_file = need_file(folder, set, "labels", 1);
  IdxArray images = load_idx(image_file, 3);
  IdxArray labels = load_idx(label_file, 1);
  if (images.shape[1] != dataset.height || images.shape[2] != dataset.width) {
    throw Error(
        ErrorKind::kData,
        fmt::format("{}: expected images of {} x {}, found {} x {}; MNIST's files are meant",
                    image_file.string(), dataset.height, dataset.width, images.shape[1],
                    images.shape[2]));
  }
  if (images.shape[0] != labels.shape[0]) {
    throw Error(ErrorKind::kData, fmt::format("{}: expected {} labels, one for each image of {}, "
                                              "found {}; the two files do not belong together",
                                              label_file.string(), images.shape[0],
                                              image_file.string(), labels.shape[0]));
  }
  const auto wrong = std::find_if(labels.values.begin(), labels.values.end(),
                                  [](uint8_t label) { return label >= kClasses; });
  if (wrong != labels.values.end()) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: label {} at offset {}: expected 0 .. {}; the file is damaged",
                            label_file.string(), *wrong, 8 + (wrong - labels.values.begin()),
                            kClasses - 1));
  }
  return {std::move(images.values), std::move(labels.values)};
}

}  // namespace

std::optional<fs::path> find_mnist(const std::string& explicit_folder) {
  if (!explicit_folder.empty()) {
    if (auto found = with_or_without_mnist(explicit_folder)) return found;
    throw Error(ErrorKind::kData,
                fmt::format("{}: no MNIST here (train-images-idx3-ubyte, plain or .gz, in the "
                            "folder or in mnist/ below it); "
                            "correct the path, or leave it out to search data/ and ../shared/data",
                            explicit_folder));
  }
  if (const char* named = std::getenv("CRUCIBLE_DATA"); named != nullptr && *named != '\0') {
    if (auto found = with_or_without_mnist(named)) return found;
    throw Error(ErrorKind::kData,
                fmt::format("CRUCIBLE_DATA={}: no MNIST there (train-images-idx3-ubyte, plain or "
                            ".gz, in the folder or in mnist/ "
                            "below it); correct or unset the variable",
                            named));
  }
  for (const char* folder : {"data", "../shared/data"})
    if (auto found = with_or_without_mnist(folder)) return found;
  return std::nullopt;
}

Dataset load_mnist(const fs::path& folder) {
  Dataset dataset;
  dataset.name = "mnist";
  dataset.source = folder.string();
  dataset.train = load_set(folder, "train", dataset);
  dataset.test = load_set(folder, "t10k", dataset);
  return dataset;
}

}  // namespace crucible::data
