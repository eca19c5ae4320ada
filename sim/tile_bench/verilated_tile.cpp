// The only source that sees the user's Verilated tile: `crucible regress` compiles it beside the
// model, at run time.
#include <Vcrucible_dut.h>
#include <verilated.h>
#include <verilated_fst_c.h>

#include <csignal>
#include <cstdio>

#include "models/error.hpp"
#include "sim/tile_bench/bench_main.hpp"
#include "sim/tile_bench/i_tile.hpp"
#include "sim/verilated/assertion_log.hpp"

namespace crucible::sim {
namespace {

// Verilator's runtime reports what it cannot simulate, and aborts: the report is in the log of the
// tile under way.
const AssertionLog* last_words = nullptr;

void say_last_words(int) {
  if (last_words != nullptr) std::fputs(last_words->report().c_str(), stderr);
}

class VerilatedTile final : public ITile {
 public:
  explicit VerilatedTile(uint64_t seed) {
    context_.fatalOnError(false);
    context_.randReset(2);
    // Verilator takes 31 bits, and 0 means a seed of its own choice.
    context_.randSeed(static_cast<int>((seed ^ (seed >> 31)) & 0x7fffffff) | 1);
    const AssertionLog::Scope scope(log_);
    Verilated::threadContextp(&context_);
    model_ = std::make_unique<Vcrucible_dut>(&context_);
  }

  ~VerilatedTile() override {
    const AssertionLog::Scope scope(log_);
    Verilated::threadContextp(
        &context_);  // the model's end uses the thread's context, whichever that is
    last_words = nullptr;
    if (fst_) fst_->close();
    model_->final();
  }

  TileOutputs clock(const TileInputs& inputs) override {
    const AssertionLog::Scope scope(log_);
    last_words = &log_;
    set(inputs);
    model_->clk_i = 0;
    model_->eval();
    const TileOutputs outputs = sample();
    if (fst_ && cycle_ >= from_) fst_->dump(context_.time());
    context_.timeInc(1);
    model_->clk_i = 1;
    model_->eval();
    if (fst_ && cycle_ >= from_) fst_->dump(context_.time());
    context_.timeInc(1);
    ++cycle_;
    return outputs;
  }

  [[nodiscard]] std::string complaint() const override {
    if (log_.failures() > 0) return "the tile's own check: " + log_.report();
    if (context_.gotFinish()) return "the tile called $finish";
    return "";
  }

  void trace(const std::string& file, uint64_t from) override {
    context_.traceEverOn(true);
    fst_ = std::make_unique<VerilatedFstC>();
    model_->trace(fst_.get(), 99);
    fst_->open(file.c_str());
    if (!fst_->isOpen()) throw Error(ErrorKind::kUsage, "cannot write the trace " + file);
    from_ = from;
  }

 private:
  void set(const TileInputs& in) {
    Vcrucible_dut& m = *model_;
    m.rst_ni = in.rst_n;
    m.job_valid_i = in.job_valid;
    m.job_bank_i = static_cast<SData>(in.job.bank);
    m.job_rows_i = static_cast<SData>(in.job.rows);
    m.job_cols_i = static_cast<SData>(in.job.cols);
    m.job_count_i = static_cast<SData>(in.job.count);
    m.job_in_i = static_cast<SData>(in.job.in);
    m.job_stride_i = static_cast<SData>(in.job.stride);
    m.job_out_i = static_cast<SData>(in.job.out);
    m.mem_req_i = in.mem_req;
    m.mem_we_i = in.mem_we;
    m.mem_sel_i = static_cast<CData>(in.mem_sel);
    m.mem_addr_i = in.mem_addr;
    m.mem_be_i = static_cast<CData>(in.mem_be);
    m.mem_wdata_i = in.mem_wdata;
    for (int i = 0; i < models::kSettingWords; ++i) m.settings_i[i] = in.settings[i];
    m.tie_i = in.tie;
  }

  [[nodiscard]] TileOutputs sample() const {
    const Vcrucible_dut& m = *model_;
    TileOutputs out;
    out.job_ready = m.job_ready_o;
    out.busy = m.busy_o;
    out.mem_rvalid = m.mem_rvalid_o;
    out.mem_rdata = m.mem_rdata_o;
    for (int i = 0; i < models::kEventWords; ++i) out.events[i] = m.events_o[i];
    return out;
  }

  AssertionLog log_;
  VerilatedContext context_;
  std::unique_ptr<Vcrucible_dut> model_;
  std::unique_ptr<VerilatedFstC> fst_;
  uint64_t cycle_ = 0, from_ = 0;
};

}  // namespace

std::unique_ptr<ITile> make_tile(uint64_t seed) { return std::make_unique<VerilatedTile>(seed); }

}  // namespace crucible::sim

int main(int argc, char** argv) {
  std::signal(SIGABRT, crucible::sim::say_last_words);
  return crucible::sim::bench_main(argc, argv);
}
