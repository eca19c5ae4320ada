// cim_job: what it calls legal is legal in 34-bit arithmetic, whatever was staged; and a started job waits for the tile,
// unchanged, until it is taken.
module job_props #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter int unsigned Fault = 0   // planted: 1 a stride's upper bit is lost, 2 the tile's ready is always high
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        begin_i,
  input logic        stage_we_i,
  input logic        we_i,
  input logic [2:0]  index_i,
  input logic [15:0] wdata_i,
  input logic        start_i,
  input logic        job_ready_i
);
  logic legal, job_valid, pending;
  logic [111:0] job;
  cim_job #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords)
  ) u_dut (
    .clk_i, .rst_ni, .begin_i, .stage_we_i, .we_i, .index_i,
    .wdata_i(Fault == 1 && index_i == 3'd5 ? {1'b0, wdata_i[14:0]} : wdata_i),
    .legal_o(legal), .job_o(job), .start_i, .job_valid_o(job_valid), .job_ready_i(job_ready_i || Fault == 2),
    .pending_o(pending)
  );

  // The registers, and the staged job, as anybody would write them.
  logic [111:0] real_q, staged_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) real_q <= '0;
    else if (we_i && index_i != 3'd7) real_q[32'(index_i)*16+:16] <= wdata_i;
    if (begin_i) staged_q <= real_q;
    else if (stage_we_i && index_i != 3'd7) staged_q[32'(index_i)*16+:16] <= wdata_i;
  end

  logic [33:0] bank, rows, cols, count, in, stride, out;
  logic want, begun_q, valid_q, ready_q, start_q;
  always_comb begin
    bank = 34'(staged_q[0+:16]);
    rows = 34'(staged_q[16+:16]);
    cols = 34'(staged_q[32+:16]);
    count = 34'(staged_q[48+:16]);
    in = 34'(staged_q[64+:16]);
    stride = 34'(staged_q[80+:16]);
    out = 34'(staged_q[96+:16]);
    // 16 bits by 16 bits, each product in 32 bits.
    want = bank < 34'(Banks) && rows != '0 && rows <= 34'(Rows) && cols != '0 && cols <= 34'(Cols) &&
        cols[1:0] == '0 && count != '0 && in + (count - 34'd1) * stride + ((rows + 34'd3) >> 2) <= 34'(InWords) &&
        out + count * (cols >> 2) <= 34'(OutWords);
  end
  always_ff @(posedge clk_i) begin
    begun_q <= rst_ni && (begun_q || begin_i);
    valid_q <= rst_ni && job_valid;
    ready_q <= job_ready_i;
    start_q <= rst_ni && start_i;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    assume (!(begin_i && stage_we_i));
    if (rst_ni && start_i) assume (legal && !pending && begun_q);   // what the block asserts of its user
    if (!$initstate) begin
      Legal_A : assert (!begun_q || legal == want);
      Registers_A : assert (!rst_ni || job == real_q);
      StaysUntilTaken_A : assert (!rst_ni || job_valid == (start_q || (valid_q && !ready_q)));
    end
    Legal_C : cover (!$initstate && begun_q && legal && count > 34'd2 && stride > 34'd1 && job_valid);
  end
endmodule
