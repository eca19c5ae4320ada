#include "host/experiment/result_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/experiment/bracket.hpp"
#include "host/experiment/result_json.hpp"

namespace crucible::experiment {
namespace {

/// Characters on a terminal; continuation bytes of UTF-8 take no column.
size_t text_width(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// A bar would end the cell of a Markdown table.
std::string escape_bars(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string pad(const std::string& text, size_t width, bool right) {
  const std::string space(width - std::min(width, text_width(text)), ' ');
  return right ? space + text : text + space;
}

std::string percent(double fraction) { return fmt::format("{:.2f} %", 100 * fraction); }

/// 1234567 -> "1,234,567"
std::string grouped(uint64_t value) {
  std::string text = std::to_string(value);
  for (size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

std::string on_hardware(const eval::Evaluation& hardware) {
  return hardware.images() > 0
             ? fmt::format("{} ({})", percent(hardware.accuracy()), hardware.images())
             : "-";
}

std::string bound_text(const RowOutcome& row) {
  if (row.is_clean()) return "none";
  std::string text = row.config.bound.describe();
  const bool device = row.config.bound.convention() != models::BoundConvention::kWeightFraction;
  if (!device && row.config.tile.realisation == models::Realisation::kActive)
    text += ", active cells";
  if (row.config.tile.base != 0) text += fmt::format(", base {}/256", row.config.tile.base);
  if (device && row.config.tile.base == 0) text += ", rails at base 0";
  if (row.config.tile.transparent) text += ", transparent ADC";
  if (row.config.on == SearchOn::kTrain) text += ", searched on training images";
  if (row.config.space == SearchSpaceKind::kDevice) text += ", searched device by device";
  return text;
}

std::string seconds_text(const RowOutcome& row) {
  if (row.is_clean()) return "-";
  return row.same_search_as.empty() ? fmt::format("{:.1f}", row.search_s) : "as above";
}

/// What is known of each row's worst chip.
std::string bracket_lines(const RunResult& result, TableStyle style) {
  size_t width = 0;
  const AccuracyBracket* any = nullptr;
  for (const RowOutcome& row : result.rows) {
    if (!row.bracket) continue;
    width = std::max(width, text_width(row.config.name));
    any = &*row.bracket;
  }
  if (any == nullptr) return "";
  const bool markdown = style == TableStyle::kMarkdown;
  std::string text = fmt::format(
      "\n{}The worst chip of each row's box, on the first {} test images, certified by "
      "intervals{}:\n{}",
      markdown ? "" : "  ", grouped(static_cast<uint64_t>(any->images)),
      any->tight ? " and linear relaxation" : "", markdown ? "\n" : "");
  for (const RowOutcome& row : result.rows) {
    if (!row.bracket) continue;
    text += fmt::format("{}{}  {}\n", markdown ? "    " : "  ", pad(row.config.name, width, false),
                        bracket_text(*row.bracket));
  }
  return text;
}

std::vector<std::string> chance_cells(const MonteCarloOutcome& outcome) {
  int chips = 0, images = 0, correct = 0;
  for (const HardwareChip& chip : outcome.hardware) {
    chips += chip.hardware.images() > 0 ? 1 : 0;
    images += chip.hardware.images();
    correct += chip.hardware.correct;
  }
  std::string hardware = "-";
  if (images > 0) {
    const bool whole = images == chips * outcome.images;
    hardware = fmt::format("{} ({})", percent(static_cast<double>(correct) / images),
                           whole ? fmt::format("{} x {}", chips, outcome.images)
                                 : fmt::format("{} chips, {}", chips, images));
  }
  return {
      "monte-carlo (mean)",
      fmt::format("{}, sigma {:g} of it", outcome.config.bound.describe(), outcome.config.sigma),
      fmt::format("{} ({} x {})", percent(outcome.model.mean()), outcome.model.accuracy.size(),
                  outcome.images),
      hardware, "0"};
}

std::string chance_summary(const MonteCarloOutcome& outcome, TableStyle style) {
  std::string text =
      fmt::format("{}{} random chips on the model: mean {}, lowest {}; quantiles",
                  style == TableStyle::kTerminal ? "  " : "", outcome.model.accuracy.size(),
                  percent(outcome.model.mean()), percent(outcome.model.lowest()));
  for (const double q : {0.01, 0.05, 0.25, 0.5}) {
    text += fmt::format("{} {:g}: {}", q > 0.01 ? "," : "", q, percent(outcome.model.quantile(q)));
  }
  return text + "\n";
}

}  // namespace

std::string format_table(const std::vector<std::string>& header,
                         std::vector<std::vector<std::string>> rows, const std::vector<bool>& right,
                         TableStyle style) {
  const bool markdown = style == TableStyle::kMarkdown;
  for (auto& row : rows) {
    for (std::string& cell : row) cell = markdown ? escape_bars(cell) : cell;
  }
  std::vector<size_t> width;
  for (size_t c = 0; c < header.size(); ++c) {
    width.push_back(text_width(header[c]));
    for (const auto& row : rows) width[c] = std::max(width[c], text_width(row[c]));
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& cells) {
    std::string line = markdown ? "| " : "  ";
    for (size_t c = 0; c < cells.size(); ++c) {
      line += pad(cells[c], width[c], right[c]);
      line += markdown ? (c + 1 < cells.size() ? " | " : " |") : "  ";
    }
    while (line.ends_with(' ')) line.pop_back();
    text += line + "\n";
  };
  add(header);
  std::vector<std::string> rule;
  for (size_t c = 0; c < header.size(); ++c) {
    std::string dashes(width[c], '-');
    if (markdown && right[c]) dashes.back() = ':';
    rule.push_back(dashes);
  }
  add(rule);
  for (const auto& row : rows) add(row);
  return text;
}

std::string results_table(const RunResult& result, TableStyle style) {
  std::vector<std::string> header{"method",  "bound", "model", "hardware", "gradient evaluations",
                                  "search s"};
  std::vector<bool> right{false, false, true, true, true, true};
  std::vector<std::vector<std::string>> rows;
  const auto add_chance = [&] {
    if (!result.monte_carlo) return;
    rows.push_back(chance_cells(*result.monte_carlo));
    rows.back().push_back(fmt::format("{:.1f}", result.monte_carlo->model_s));
  };
  for (const RowOutcome& row : result.rows) {
    rows.push_back({row.config.name, bound_text(row),
                    fmt::format("{} ({})", percent(row.model.accuracy()), row.model.images()),
                    on_hardware(row.hardware),
                    row.is_clean() ? "-" : grouped(row.search.gradient_evaluations),
                    seconds_text(row)});
    if (row.is_clean()) add_chance();
  }
  if (style == TableStyle::kMarkdown) {
    header.pop_back();
    right.pop_back();
    for (auto& row : rows) row.pop_back();
  }
  std::string text = format_table(header, rows, right, style);
  text += bracket_lines(result, style);
  if (result.monte_carlo) text += "\n" + chance_summary(*result.monte_carlo, style);
  return text;
}

std::string layers_table(const Workbench& bench, const RunResult& result, TableStyle style) {
  std::vector<std::vector<std::string>> rows;
  const models::CompiledNetwork& compiled = result.rows.front().compiled;
  for (size_t l = 0; l < compiled.layers.size(); ++l) {
    rows.push_back({compiled.layers[l].shape.name,
                    grouped(static_cast<uint64_t>(compiled.layers[l].shape.weight_count())),
                    std::to_string(bench.network().w_max(l)),
                    fmt::format("{:.3f}", rms_over_w_max(bench.network(), l)),
                    std::to_string(compiled.layers[l].placement.banks.size())});
  }
  return format_table({"layer", "weights", "w_max (LSB)", "rms(w) / w_max", "banks"}, rows,
                      {false, true, true, true, true}, style);
}

std::string table_markdown(const Workbench& bench, const RunResult& result) {
  std::string text =
      fmt::format("# {}\n\nNetwork {} on {} ({} test images), hardware `{}`, seed {}.{}\n\n",
                  result.config.name, bench.network().name, bench.dataset().name,
                  bench.dataset().test.count(), result.device.config_name, result.config.seed,
                  result.interrupted ? " Interrupted: what was finished by then." : "");
  text += results_table(result, TableStyle::kMarkdown);
  text +=
      "\nIn parentheses: images (chips x images). Hardware and model agree on every logit of every "
      "image.\n";
  text += "Seconds are in timing.json.\n\n";
  return text + layers_table(bench, result, TableStyle::kMarkdown);
}

}  // namespace crucible::experiment
