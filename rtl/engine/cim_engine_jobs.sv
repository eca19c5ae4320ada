// The jobs of a layer: line after line of positions, in each the column blocks, in each the row blocks. Offers them to the
// tile back to back as far as their inputs are there and their results have room, and follows which of them have ended.
module cim_engine_jobs #(
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  localparam int unsigned InW = $clog2(InWords),
  localparam int unsigned OutW = $clog2(OutWords)
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         start_i,             // of a layer; the values below are constant until its last job has ended
  input  logic         pool_i,
  input  logic [13:0]  conv_height_i,
  input  logic [13:0]  conv_width_i,
  input  logic [12:0]  row_blocks_i,
  input  logic [12:0]  column_blocks_i,
  input  logic [15:0]  block_rows_i,
  input  logic [15:0]  last_rows_i,
  input  logic [15:0]  block_outputs_i,
  input  logic [15:0]  last_outputs_i,
  input  logic [12:0]  bank_i,
  input  logic [15:0]  stride_i,
  input  logic [2:0]   in_slots_i,
  input  logic [2:0]   out_slots_i,
  input  logic [15:0]  line_i,              // results of a line, of a whole and of the last column block
  input  logic [15:0]  last_line_i,
  input  logic [31:0]  read_i,
  // The parts beside it.
  input  logic [13:0]  fetched_i,           // lines in INPUT so far
  input  logic [13:0]  posted_i,            // pooled lines taken from OUTPUT so far
  output logic [13:0]  ended_line_o,        // the line and column block in which the first job is that has not ended
  output logic [12:0]  ended_block_o,
  output logic         ended_o,             // all have ended
  // The tile.
  output logic         job_valid_o,
  input  logic         job_ready_i,
  output logic [111:0] job_o,               // as cim_regs has it: bank, rows, columns, count, in, stride, out
  output logic [31:0]  job_read_o,
  input  logic         product_i            // a vector's last result is being written
);
  // The job that is offered next.
  logic active_q;
  logic [13:0] line_q, pooled;              // pooled: the line after pooling
  logic [12:0] block_q, part_q, bank_q, block_bank_q;   // column block, row block
  logic [InW-1:0] in_q, in_slot_q, in_step;
  logic [OutW-1:0] out_q, out_slot_q, out_step, size, taken, out;
  logic [31:0] read_q;
  logic part_last, block_last, second, accept;

  assign part_last = part_q == row_blocks_i - 13'd1;
  assign block_last = block_q == column_blocks_i - 13'd1;
  assign second = pool_i && line_q[0];      // of the lines that are pooled
  assign pooled = pool_i ? line_q >> 1 : line_q;
  assign size = OutW'(block_last ? last_line_i : line_i);
  assign out = second ? out_q + size : out_q;
  assign taken = pool_i ? size << 1 : size;
  assign in_step = in_slots_i == 3'd4 ? InW'(InWords / 4) : (in_slots_i == 3'd2 ? InW'(InWords / 2) : InW'(InWords));
  assign out_step = out_slots_i == 3'd4 ? OutW'(OutWords / 4) : (out_slots_i == 3'd2 ? OutW'(OutWords / 2) : OutW'(OutWords));

  assign job_valid_o = active_q && line_q < fetched_i && pooled - posted_i < 14'(out_slots_i);
  assign accept = job_valid_o && job_ready_i;
  assign job_read_o = read_q;
  assign job_o[0+:16] = 16'(bank_q);
  assign job_o[16+:16] = part_last ? last_rows_i : block_rows_i;
  assign job_o[32+:16] = (block_last ? last_outputs_i : block_outputs_i) << 2;
  assign job_o[48+:16] = 16'(conv_width_i);
  assign job_o[64+:16] = 16'(in_q);
  assign job_o[80+:16] = stride_i;
  assign job_o[96+:16] = 16'(out);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) active_q <= 1'b0;
    else if (start_i) active_q <= 1'b1;
    else if (accept && part_last && block_last && line_q == conv_height_i - 14'd1) active_q <= 1'b0;

    if (start_i) begin
      line_q <= '0;
      block_q <= '0;
      part_q <= '0;
      bank_q <= bank_i;
      block_bank_q <= bank_i;
      in_q <= '0;
      in_slot_q <= '0;
      out_q <= '0;
      out_slot_q <= '0;
      read_q <= read_i;
    end else if (accept) begin
      out_q <= out_q + taken;
      if (!part_last) begin
        part_q <= part_q + 13'd1;
        bank_q <= bank_q + column_blocks_i;
        in_q <= in_q + InW'(block_rows_i >> 2);
      end else begin
        part_q <= '0;
        in_q <= in_slot_q;
        if (!block_last) begin
          block_q <= block_q + 13'd1;
          bank_q <= block_bank_q + 13'd1;
          block_bank_q <= block_bank_q + 13'd1;
        end else begin
          block_q <= '0;
          bank_q <= bank_i;
          block_bank_q <= bank_i;
          line_q <= line_q + 14'd1;
          read_q <= read_q + 32'(conv_width_i);
          in_slot_q <= in_slot_q + in_step;
          in_q <= in_slot_q + in_step;
          out_q <= pool_i && !second ? out_slot_q : out_slot_q + out_step;
          if (!pool_i || second) out_slot_q <= out_slot_q + out_step;
        end
      end
    end
  end

  // The job that ends next: the tile takes them in turn, and each gives a product for every position.
  logic [13:0] ended_line_q, position_q;
  logic [12:0] ended_block_q, ended_part_q;
  logic job_ends;
  assign job_ends = product_i && position_q == conv_width_i - 14'd1;
  assign ended_line_o = ended_line_q;
  assign ended_block_o = ended_block_q;
  assign ended_o = ended_line_q == conv_height_i;

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      {ended_line_q, ended_block_q, ended_part_q, position_q} <= '0;
    end else if (product_i) begin
      position_q <= job_ends ? '0 : position_q + 14'd1;
      if (job_ends) begin
        ended_part_q <= ended_part_q == row_blocks_i - 13'd1 ? '0 : ended_part_q + 13'd1;
        if (ended_part_q == row_blocks_i - 13'd1) begin
          ended_block_q <= ended_block_q == column_blocks_i - 13'd1 ? '0 : ended_block_q + 13'd1;
          if (ended_block_q == column_blocks_i - 13'd1) ended_line_q <= ended_line_q + 14'd1;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && !start_i && active_q) begin
      ResultsAreTakenAfterTheyCame_A : assert (posted_i <= pooled);
      JobsEndAfterTheyBegan_A : assert (ended_line_q <= line_q);
    end
  end
endmodule
