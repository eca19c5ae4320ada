// The job registers: a staged copy that a check pass may fill, the legality of the staged job, and the start handshake.
module cim_job #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         begin_i,     // staged values become the real ones: a check pass begins
  input  logic         stage_we_i,  // writes a staged value
  input  logic         we_i,        // writes a real value
  input  logic [2:0]   index_i,     // 0 bank, 1 rows, 2 cols, 3 count, 4 in, 5 stride, 6 out
  input  logic [15:0]  wdata_i,
  output logic         legal_o,     // of the staged job as a whole
  output logic [111:0] job_o,       // real values, 16 bits each, bank lowest
  input  logic         start_i,
  output logic         job_valid_o,
  input  logic         job_ready_i,
  output logic         pending_o    // started, and the tile may not say busy yet
);
  localparam int unsigned CountW = $clog2(OutWords + 1);
  localparam int unsigned StrideW = $clog2(InWords + 1);
  localparam int unsigned ResultW = $clog2(Cols / 4 + 1);

  logic [111:0] real_q, staged_q;
  logic valid_q, accepted_q;

  for (genvar i = 0; i < 7; i++) begin : gen_field
    logic mine;
    assign mine = index_i == 3'(i);
    always_ff @(posedge clk_i) begin
      if (!rst_ni) real_q[16*i+:16] <= '0;
      else if (we_i && mine) real_q[16*i+:16] <= wdata_i;
    end
    always_ff @(posedge clk_i) begin
      if (begin_i) staged_q[16*i+:16] <= real_q[16*i+:16];
      else if (stage_we_i && mine) staged_q[16*i+:16] <= wdata_i;
    end
  end

  logic [15:0] bank, rows, cols, count, in, stride, out;
  logic [15:0] vector_words;
  logic [ResultW-1:0] result_words;
  logic [CountW-1:0] steps;
  logic [31:0] in_end, out_end;
  logic shape_legal, in_legal, out_legal;

  assign {out, stride, in, count, cols, rows, bank} = staged_q;
  assign vector_words = (rows + 16'd3) >> 2;
  assign result_words = ResultW'(cols >> 2);
  assign steps = CountW'(count - 16'd1);
  // The operands are cut to what the buffers can hold; the comparisons before refuse what does not fit.
  assign in_end = 32'(in) + 32'(steps) * 32'(stride[StrideW-1:0]) + 32'(vector_words);
  assign out_end = 32'(out) + 32'(count[CountW-1:0]) * 32'(result_words);
  assign shape_legal = 32'(bank) < Banks && rows != '0 && 32'(rows) <= Rows && cols != '0 &&
      32'(cols) <= Cols && cols[1:0] == '0 && count != '0 && 32'(count) <= OutWords;
  assign in_legal = (32'(stride) <= InWords || steps == '0) && in_end <= InWords;
  assign out_legal = out_end <= OutWords;
  assign legal_o = shape_legal && in_legal && out_legal;

  assign job_o = real_q;
  assign job_valid_o = valid_q;
  assign pending_o = valid_q || accepted_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      accepted_q <= 1'b0;
    end else begin
      if (start_i) valid_q <= 1'b1;
      else if (job_ready_i) valid_q <= 1'b0;
      accepted_q <= valid_q && job_ready_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && start_i) StartIsLegal_A : assert (legal_o && !pending_o);
  end
endmodule
