// cim_regs with any traffic on its bus and any tile that keeps its contract: answers, checks, refusals, read-only
// registers, legal settings, and nothing for the tile's memories while a job runs.
module regs_props #(
  parameter int unsigned Fault = 0,  // planted: 1 a check is taken for a write, 2 the tile hides that it is busy,
                                     //          3 a bit of the address
  localparam int unsigned Rows = 16,
  localparam int unsigned Cols = 4,
  localparam int unsigned Banks = 4,
  localparam int unsigned InWords = 64,
  localparam int unsigned OutWords = 64
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        begin_i,
  input logic        req_i,
  input logic        check_i,
  input logic        we_i,
  input logic [31:0] addr_i,
  input logic [31:0] wdata_i,
  input logic [10:0] error_set_i,
  input logic        refused_i,
  input logic [31:0] refused_addr_i,
  input logic        tile_ends_i,
  input logic [31:0] mem_rdata_i
);
  logic rsp, any_error, busy, inject_en, transparent, job_valid, job_ready, mem_req, mem_we;
  logic [3:0] status, adc_bits, mem_be;
  logic [31:0] rdata, mem_wdata;
  logic [4:0] lsb_exp, adc_shift;
  logic [7:0] base;
  logic [111:0] job;
  logic [3:0] mem_sel;
  logic [23:0] mem_addr;
  logic [63:0] cycle;
  logic tile_q, answer_q, answer2_q;

  cim_regs #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords)
  ) u_dut (
    .clk_i, .rst_ni, .begin_i, .req_i, .check_i(check_i && Fault != 1), .we_i,
    .addr_i(Fault == 3 ? addr_i & ~32'h20 : addr_i), .wdata_i,
    .rsp_o(rsp), .rsp_status_o(status), .rsp_rdata_o(rdata), .error_set_i, .refused_i, .refused_addr_i,
    .any_error_o(any_error), .busy_o(busy), .engine_busy_i(1'b0), .inject_en_o(inject_en), .lsb_exp_o(lsb_exp), .base_o(base),
    .adc_transparent_o(transparent), .adc_shift_o(adc_shift), .adc_bits_o(adc_bits), .job_valid_o(job_valid),
    .job_ready_i(job_ready), .job_o(job), .tile_busy_i(tile_q && Fault != 2), .mem_req_o(mem_req), .mem_we_o(mem_we),
    .mem_sel_o(mem_sel), .mem_addr_o(mem_addr), .mem_be_o(mem_be), .mem_wdata_o(mem_wdata),
    .mem_rvalid_i(answer2_q), .mem_rdata_i, .product_i(1'b0), .sat_i(8'd0),
    .self_test_result_i('0), .self_test_word_i('0), .self_test_ramp_i('0), .clamps_i('0), .read_i(1'b0), .pulses_i('0),
    .unverified_i('0), .cycle_o(cycle)
  );

  // The tile: takes a job when idle, is busy from the next cycle on and for as long as it likes; its memories answer
  // two cycles after a request.
  assign job_ready = !tile_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) {tile_q, answer_q, answer2_q} <= '0;
    else {tile_q, answer_q, answer2_q} <= {tile_q ? !tile_ends_i : job_valid, mem_req, answer_q};
  end

  // What one request may change.
  logic [135:0] state, state_q;
  assign state = {job, inject_en, lsb_exp, base, transparent, adc_shift, adc_bits};
  logic is_window, is_register, read_only, rw;
  logic [3:0] sel;
  logic [23:0] word;
  cim_bus_decode #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords)
  ) u_decode (.addr_i, .register_o(is_register), .window_o(is_window), .read_only_o(read_only), .sel_o(sel), .word_o(word));
  logic [63:0] writable;   // of a tile without effects
  assign writable = cim_spec_pkg::RegWritable & ~cim_spec_pkg::RegOnlyEffects;
  assign rw = is_window ? !read_only : is_register && writable[addr_i[7:2]];

  logic req_q, req2_q, quiet_q, locked_q, locked2_q, mem_q, mem2_q, changed_q, start_q, error_q, clears_q, reset_q;
  always_ff @(posedge clk_i) begin
    state_q <= state;
    reset_q <= !rst_ni;
    req_q <= rst_ni && req_i;
    req2_q <= rst_ni && req_q;
    quiet_q <= !(req_i && we_i && !check_i);             // nothing was asked to change
    locked_q <= req_i && we_i && !rw;                    // a write to what nobody may write
    locked2_q <= locked_q;
    mem_q <= mem_req;
    mem2_q <= mem_q;
    changed_q <= state != state_q || (job_valid && !start_q);
    start_q <= job_valid;
    error_q <= rst_ni && any_error;
    clears_q <= req_i && we_i && !check_i && addr_i == 32'(cim_spec_pkg::RegError);
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (!$initstate && rst_ni && !reset_q) begin
      AnswersInTwoCycles_A : assert (rsp == req2_q);
      OnlyWritesChange_A : assert (!quiet_q || state == state_q);
      OnlyWritesStart_A : assert (!quiet_q || !job_valid || start_q);
      RefusalChangesNothing_A : assert (!rsp || status == 4'd0 || (!changed_q && !mem2_q));
      ReadOnlyStays_A : assert (!rsp || !locked2_q || status != 4'd0);
      ChecksTouchNoMemory_A : assert (!mem_req || (req_i && !check_i));
      LegalSettings_A : assert (lsb_exp >= 5'd8 && lsb_exp <= 5'd18 && adc_shift <= 5'd27 && adc_bits >= 4'd1 &&
                                adc_bits <= 4'd12);
      NoMemoryWhileBusy_A : assert (!mem_req || (!tile_q && !job_valid));
      NoChangeWhileBusy_A : assert (!tile_q || state == state_q);
      MemoryExists_A : assert (!mem_req || mem_sel <= cim_tile_pkg::SelAdcOffset);
      NoWriteToResults_A : assert (!mem_req || !mem_we ||
          (mem_sel != cim_tile_pkg::SelOutputLo && mem_sel != cim_tile_pkg::SelOutputHi));
      OffsetInRange_A : assert (!mem_req || mem_sel != cim_tile_pkg::SelOffset || 32'(mem_addr) < Banks * Rows * Cols / 4);
      JobWaitsForTheTile_A : assert (!start_q || tile_q || job_valid);
      ErrorsStay_A : assert (!error_q || clears_q || any_error);
      BusyIsSaid_A : assert (busy || (!tile_q && !job_valid));
    end
    Started_C : cover (!$initstate && tile_q && rsp && status == 4'd4);
  end
endmodule
