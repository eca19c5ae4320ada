// The job registers, the legality of the staged job as a whole, and the start handshake.
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
  localparam int unsigned BankW = $clog2(Banks + 1);
  localparam int unsigned RowW = $clog2(Rows + 1);
  localparam int unsigned ColW = $clog2(Cols + 1);
  localparam int unsigned OutW = $clog2(OutWords + 1);
  localparam int unsigned InW = $clog2(InWords + 1);
  localparam int unsigned InSumW = OutW + InW + 1;   // holds every sum below, no wrap-around
  localparam int unsigned OutSumW = OutW + ColW;

  logic [BankW-1:0] bank;
  logic [RowW-1:0] rows;
  logic [ColW-1:0] cols;
  logic [OutW-1:0] count, out, steps;
  logic [InW-1:0] in, stride;
  logic [6:0] over, mine;

  always_comb begin
    mine = '0;
    mine[index_i] = index_i != 3'd7;
  end

  cim_job_field #(.Width(BankW)) u_bank (
    .clk_i, .rst_ni, .begin_i, .stage_we_i(stage_we_i && mine[0]), .we_i(we_i && mine[0]), .wdata_i,
    .value_o(job_o[0+:16]), .staged_o(bank), .over_o(over[0])
  );
  cim_job_field #(.Width(RowW)) u_rows (
    .clk_i, .rst_ni, .begin_i, .stage_we_i(stage_we_i && mine[1]), .we_i(we_i && mine[1]), .wdata_i,
    .value_o(job_o[16+:16]), .staged_o(rows), .over_o(over[1])
  );
  cim_job_field #(.Width(ColW)) u_cols (
    .clk_i, .rst_ni, .begin_i, .stage_we_i(stage_we_i && mine[2]), .we_i(we_i && mine[2]), .wdata_i,
    .value_o(job_o[32+:16]), .staged_o(cols), .over_o(over[2])
  );
  cim_job_field #(.Width(OutW)) u_count (
    .clk_i, .rst_ni, .begin_i, .stage_we_i(stage_we_i && mine[3]), .we_i(we_i && mine[3]), .wdata_i,
    .value_o(job_o[48+:16]), .staged_o(count), .over_o(over[3])
  );
  cim_job_field #(.Width(InW)) u_in (
    .clk_i, .rst_ni, .begin_i, .stage_we_i(stage_we_i && mine[4]), .we_i(we_i && mine[4]), .wdata_i,
    .value_o(job_o[64+:16]), .staged_o(in), .over_o(over[4])
  );
  cim_job_field #(.Width(InW)) u_stride (
    .clk_i, .rst_ni, .begin_i, .stage_we_i(stage_we_i && mine[5]), .we_i(we_i && mine[5]), .wdata_i,
    .value_o(job_o[80+:16]), .staged_o(stride), .over_o(over[5])
  );
  cim_job_field #(.Width(OutW)) u_out (
    .clk_i, .rst_ni, .begin_i, .stage_we_i(stage_we_i && mine[6]), .we_i(we_i && mine[6]), .wdata_i,
    .value_o(job_o[96+:16]), .staged_o(out), .over_o(over[6])
  );

  logic [InSumW-1:0] in_end;
  logic [OutSumW-1:0] out_end;
  logic shape_legal, in_legal, out_legal;

  // A single vector needs no stride: then any will do.
  assign steps = count - 1'b1;
  assign in_end = InSumW'(in) + InSumW'(steps) * InSumW'(stride) + InSumW'((32'(rows) + 32'd3) >> 2);
  assign out_end = OutSumW'(out) + OutSumW'(count) * OutSumW'(32'(cols) >> 2);
  assign shape_legal = {over[6], over[4:0]} == '0 && 32'(bank) < Banks && rows != '0 &&
      32'(rows) <= Rows && cols != '0 && 32'(cols) <= Cols && cols[1:0] == '0 && count != '0;
  assign in_legal = (!over[5] || steps == '0) && in_end <= InSumW'(InWords);
  assign out_legal = 32'(out_end) <= OutWords;
  assign legal_o = shape_legal && in_legal && out_legal;

  logic valid_q, accepted_q;
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
