// cim_engine_fetch and cim_engine_jobs on a layer, between a tile that takes jobs and ends them whenever it likes and a
// post-processing that takes lines as late as it likes: every job is offered once, in order, whole and within INPUT and OUTPUT; no
// word of INPUT is written again before the jobs that read it have ended, no result before it was taken.
module engine_props #(
  // The layer, a legal one; a row block has 4 rows.
  parameter int unsigned Pool = 0,
  parameter int unsigned Channels = 1,
  parameter int unsigned Height = 3,
  parameter int unsigned Width = 2,
  parameter int unsigned Kernel = 1,
  parameter int unsigned Pad = 0,
  parameter int unsigned ColumnBlocks = 1,
  parameter int unsigned BlockOutputs = 1,
  parameter int unsigned LastOutputs = 1,
  parameter int unsigned InWords = 4,
  parameter int unsigned OutWords = 4,
  // Planted: 1 the fetch sees lines end too early, 2 results seem taken too early, 3 a job offered is withdrawn, 4 a wrong bank.
  parameter int unsigned Fault = 0,
  localparam int unsigned ActivationBytes = 16,
  localparam int unsigned InW = $clog2(InWords),
  localparam int unsigned OutW = $clog2(OutWords)
) (
  input logic            clk_i,
  input logic            rst_ni,
  // A word of INPUT and one of OUTPUT that are watched: constant.
  input logic [InW-1:0]  in_word_i,
  input logic [OutW-1:0] out_word_i,
  // Tile and post-processing.
  input logic            ready_i,
  input logic            product_i,
  input logic            post_i
);
  // What follows from the layer, as cim_engine_layer derives it.
  localparam int unsigned ConvHeight = Height + 2 * Pad - Kernel + 1;
  localparam int unsigned ConvWidth = Width + 2 * Pad - Kernel + 1;
  localparam int unsigned FanIn = Channels * Kernel * Kernel;
  localparam int unsigned RowBlocks = (FanIn + 3) / 4;
  localparam int unsigned LastRows = FanIn - 4 * (RowBlocks - 1);
  localparam int unsigned Stride = (FanIn + 3) / 4;
  localparam int unsigned Outputs = (ColumnBlocks - 1) * BlockOutputs + LastOutputs;
  localparam int unsigned NeededIn = Stride * ConvWidth;
  localparam int unsigned NeededOut = RowBlocks * Outputs * ConvWidth * (Pool != 0 ? 2 : 1);
  localparam int unsigned InSlots = 4 * NeededIn <= InWords ? 4 : (2 * NeededIn <= InWords ? 2 : 1);
  localparam int unsigned OutSlots = 4 * NeededOut <= OutWords ? 4 : (2 * NeededOut <= OutWords ? 2 : 1);
  localparam int unsigned Pooled = Pool != 0 ? ConvHeight / 2 : ConvHeight;
  if (NeededIn > InWords || NeededOut > OutWords || Channels * Height * Width > ActivationBytes || Pad >= Kernel) begin : gen_illegal
    $error("engine_props: not a legal layer.");
  end

  logic started_q, start;
  assign start = rst_ni && !started_q;
  always_ff @(posedge clk_i) started_q <= rst_ni;

  logic [InW+OutW-1:0] watched_q;
  always_ff @(posedge clk_i) watched_q <= {in_word_i, out_word_i};
  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (rst_ni && started_q) assume ({in_word_i, out_word_i} == watched_q);
  end

  logic in_re, in_we, job_valid, jobs_ended, accept;
  logic [1:0] in_raddr;
  logic [InW-1:0] in_waddr;
  logic [31:0] in_wdata, job_read;
  logic [13:0] cut, ended_line, posted_q;
  logic [12:0] ended_block;
  logic [111:0] job;

  cim_engine_fetch #(.InWords(InWords), .ActivationBytes(ActivationBytes)) u_fetch (
    .clk_i, .rst_ni, .start_i(start), .channels_i(13'(Channels)), .height_i(13'(Height)), .width_i(13'(Width)),
    .kernel_i(13'(Kernel)), .pad_i(13'(Pad)), .conv_height_i(14'(ConvHeight)), .conv_width_i(14'(ConvWidth)),
    .plane_i(18'(Height * Width)), .origin_i(18'(Pad * (Width + 1))), .slots_i(3'(InSlots)),
    .ended_i(ended_line + 14'(Fault == 1 && cut > ended_line)), .lines_o(cut), .re_o(in_re), .raddr_o(in_raddr), .rdata_i('0),
    .we_o(in_we), .waddr_o(in_waddr), .wdata_o(in_wdata)
  );

  cim_engine_jobs #(.InWords(InWords), .OutWords(OutWords)) u_jobs (
    .clk_i, .rst_ni, .start_i(start), .pool_i(Pool != 0), .conv_height_i(14'(ConvHeight)), .conv_width_i(14'(ConvWidth)),
    .row_blocks_i(13'(RowBlocks)), .column_blocks_i(13'(ColumnBlocks)), .block_rows_i(16'd4), .last_rows_i(16'(LastRows)),
    .block_outputs_i(16'(BlockOutputs)), .last_outputs_i(16'(LastOutputs)), .bank_i(13'(Fault == 4)), .stride_i(16'(Stride)),
    .in_slots_i(3'(InSlots)), .out_slots_i(3'(OutSlots)), .line_i(16'(BlockOutputs * ConvWidth)),
    .last_line_i(16'(LastOutputs * ConvWidth)), .read_i('0), .fetched_i(cut),
    .posted_i(posted_q + 14'(Fault == 2 && ended_line != '0 && 32'(posted_q) < Pooled)), .ended_line_o(ended_line),
    .ended_block_o(ended_block), .ended_o(jobs_ended), .job_valid_o(job_valid), .job_ready_i(ready_i), .job_o(job),
    .job_read_o(job_read), .product_i
  );
  assign accept = started_q && job_valid && ready_i && Fault != 3;

  // The tile: products of jobs that it has taken. Post-processing: lines whose jobs have ended.
  logic [7:0] open_q;
  always_ff @(posedge clk_i) begin
    if (!started_q) begin
      open_q <= '0;
      posted_q <= '0;
    end else begin
      open_q <= open_q + (accept ? 8'(ConvWidth) : 8'd0) - 8'(product_i);
      posted_q <= posted_q + 14'(post_i);
    end
  end
  always_comb begin
    if (rst_ni) begin
      assume (!product_i || (started_q && open_q != '0));
      assume (!post_i || (started_q && 32'(posted_q) < Pooled && ended_line >= (Pool != 0 ? (posted_q + 14'd1) << 1 : posted_q + 14'd1)));
    end
  end

  // The job that is due.
  logic [7:0] line_q, block_q, part_q, wanted_bank, job_pooled;
  logic part_last, block_last;
  assign part_last = part_q == 8'(RowBlocks - 1);
  assign block_last = block_q == 8'(ColumnBlocks - 1);
  assign wanted_bank = part_q * 8'(ColumnBlocks) + block_q;
  assign job_pooled = Pool != 0 ? line_q >> 1 : line_q;
  always_ff @(posedge clk_i) begin
    if (!started_q) {line_q, block_q, part_q} <= '0;
    else if (accept) begin
      part_q <= part_last ? '0 : part_q + 8'd1;
      if (part_last) block_q <= block_last ? '0 : block_q + 8'd1;
      if (part_last && block_last) line_q <= line_q + 8'd1;
    end
  end

  // The watched words: the line that wrote the one, the pooled line whose results are in the other.
  logic in_owned_q, out_owned_q, in_hit, out_hit;
  logic [13:0] in_line_q, out_line_q;
  logic [15:0] job_in, job_out, job_rows, job_cols;
  assign job_rows = job[16+:16];
  assign job_cols = job[32+:16];
  assign job_in = job[64+:16];
  assign job_out = job[96+:16];
  assign in_hit = started_q && in_we && in_waddr == in_word_i;
  assign out_hit = accept && 16'(out_word_i) >= job_out && 16'(out_word_i) < job_out + 16'(ConvWidth) * (job_cols >> 2);
  always_ff @(posedge clk_i) begin
    if (!started_q) {in_owned_q, out_owned_q} <= '0;
    else begin
      if (in_hit) {in_owned_q, in_line_q} <= {1'b1, cut};
      if (out_hit) {out_owned_q, out_line_q} <= {1'b1, 14'(job_pooled)};
    end
  end

  logic offered_q;
  logic [111:0] job_q;
  always_ff @(posedge clk_i) begin
    offered_q <= started_q && job_valid && !(ready_i && Fault != 3);
    job_q <= job;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && started_q) begin
      if (offered_q && Fault != 3) OfferStays_A : assert (job_valid && job == job_q);
      if (offered_q && Fault == 3) OfferedOnce_A : assert (job == job_q);
      if (in_hit) InputIsKept_A : assert (!in_owned_q || in_line_q == cut || in_line_q < ended_line);
      if (out_hit) ResultIsKept_A : assert (!out_owned_q || out_line_q < posted_q);
      if (accept) begin
        JobInOrder_A : assert (job[0+:16] == 16'(wanted_bank) && 8'(job_read) == line_q * 8'(ConvWidth) && 32'(line_q) < ConvHeight);
        JobIsCut_A : assert (14'(line_q) < cut && 14'(line_q) >= ended_line);
        JobShape_A : assert (job_rows != '0 && job_rows <= 16'd4 && job_cols == (block_last ? 16'(4 * LastOutputs) : 16'(4 * BlockOutputs)) &&
                             job[48+:16] == 16'(ConvWidth));
        JobInRange_A : assert (job_in + 16'((ConvWidth - 1) * Stride) + ((job_rows + 16'd3) >> 2) <= InWords &&
                               job_out + 16'(ConvWidth) * (job_cols >> 2) <= OutWords);
      end
      if (jobs_ended) EndsWithAll_A : assert (32'(line_q) == ConvHeight && open_q == '0);
    end
  end
endmodule
