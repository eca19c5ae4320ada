#include "host/base/workers.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "host/base/parallel.hpp"
#include "models/error.hpp"

namespace crucible {

namespace {

constexpr char kEnd = '\0';  // of a fact's name, and of its value

std::string text_of(const Facts& facts) {
  std::string text;
  for (const auto& [name, value] : facts) text += name + kEnd + value + kEnd;
  return text;
}

Facts facts_of(const std::string& text) {
  Facts facts;
  for (size_t at = 0; at < text.size();) {
    const size_t name = text.find(kEnd, at), value = text.find(kEnd, name + 1);
    facts[text.substr(at, name - at)] = text.substr(name + 1, value - name - 1);
    at = value + 1;
  }
  return facts;
}

std::string quoted(const Facts& facts, const std::string& name) {
  const auto fact = facts.find(name);
  return fact == facts.end() ? "nothing" : "'" + fact->second + "'";
}

/// One line a fact that differs.
std::string differences(const Facts& first, const Facts& other, int rank) {
  Facts all = first;
  all.insert(other.begin(), other.end());
  std::string text;
  for (const auto& [name, ignored] : all) {
    const std::string left = quoted(first, name), right = quoted(other, name);
    if (left == right) continue;
    text +=
        "\n  " + name + ": rank 0 has " + left + ", rank " + std::to_string(rank) + " has " + right;
  }
  return text;
}

std::vector<uint64_t> gather_numbers(IWorkers* workers, uint64_t mine) {
  std::vector<uint64_t> all(static_cast<size_t>(worker_count(workers)), mine);
  gather_units(workers, std::span(all), all.size());
  return all;
}

}  // namespace

bool is_first(const IWorkers* workers) { return workers == nullptr || workers->rank() == 0; }

int worker_count(const IWorkers* workers) { return workers == nullptr ? 1 : workers->size(); }

int thread_count(int requested, const IWorkers* workers) {
  if (requested > 0 || workers == nullptr) return thread_count(requested);
  return std::clamp(core_count() / workers->neighbours(), 1, thread_count());
}

Share share_of(size_t units, int rank, int size) {
  const auto at = [&](int r) { return units * static_cast<size_t>(r) / static_cast<size_t>(size); };
  return {at(rank), at(rank + 1)};
}

Share share_of(size_t units, const IWorkers* workers) {
  if (workers == nullptr) return {0, units};
  return share_of(units, workers->rank(), workers->size());
}

std::vector<std::string> gather_texts(IWorkers* workers, const std::string& mine) {
  if (worker_count(workers) == 1) return {mine};
  const std::vector<uint64_t> sizes = gather_numbers(workers, mine.size());
  std::vector<size_t> ends;
  for (const uint64_t size : sizes) ends.push_back((ends.empty() ? 0 : ends.back()) + size);
  std::string all(ends.back(), ' ');
  const size_t rank = static_cast<size_t>(workers->rank());
  all.replace(ends[rank] - mine.size(), mine.size(), mine);
  workers->gather(std::as_writable_bytes(std::span(all)), ends);
  std::vector<std::string> texts;
  for (size_t r = 0; r < sizes.size(); ++r)
    texts.push_back(all.substr(ends[r] - sizes[r], sizes[r]));
  return texts;
}

std::string text_of_first(IWorkers* workers, const std::string& mine) {
  return gather_texts(workers, is_first(workers) ? mine : std::string()).front();
}

int largest(IWorkers* workers, int mine) {
  std::vector<int> all(static_cast<size_t>(worker_count(workers)), mine);
  gather_units(workers, std::span(all), all.size());
  return *std::max_element(all.begin(), all.end());
}

uint64_t sum(IWorkers* workers, uint64_t mine) {
  uint64_t total = 0;
  for (const uint64_t each : gather_numbers(workers, mine)) total += each;
  return total;
}

bool any(IWorkers* workers, bool mine) { return largest(workers, mine ? 1 : 0) != 0; }

void require_equal_facts(IWorkers* workers, const std::string& what, const Facts& mine) {
  const std::vector<std::string> texts = gather_texts(workers, text_of(mine));
  std::string found;
  for (size_t rank = 1; rank < texts.size(); ++rank)
    found += differences(facts_of(texts[0]), facts_of(texts[rank]), static_cast<int>(rank));
  if (!found.empty())
    throw Error(ErrorKind::kMismatch, what +
                                          ": the ranks do not do the same work; start all with "
                                          "the same program, files and settings, on processors "
                                          "of one kind" +
                                          found);
}

}  // namespace crucible
