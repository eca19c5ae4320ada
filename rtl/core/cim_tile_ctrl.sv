// The tile's sequencer: a vector takes a slot of max(rows + 1, cols) cycles, and its conversion runs in the next slot.
// Without Hold the conversion reads the sums themselves and the rows wait for it: a slot of rows + 1 + cols cycles.
//
//   rows      0      1          2            one cycle after the last row: hold the sums
//             read   cond, x    accumulate
//   columns   0                 1      2           3
//             read held sums    ADC    shift-add   write the result
module cim_tile_ctrl #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter bit Hold = 1'b1,
  localparam int unsigned CellW = $clog2(Rows * Banks),
  localparam int unsigned ColW = $clog2(Cols),
  localparam int unsigned InW = $clog2(InWords),
  localparam int unsigned OutW = $clog2(OutWords)
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             job_valid_i,
  output logic             job_ready_o,
  input  logic [15:0]      job_bank_i,
  input  logic [15:0]      job_rows_i,
  input  logic [15:0]      job_cols_i,
  input  logic [15:0]      job_count_i,
  input  logic [15:0]      job_in_i,
  input  logic [15:0]      job_stride_i,
  input  logic [15:0]      job_out_i,
  output logic             busy_o,

  output logic             row_re_o,      // cycle 0: read a row of levels and offsets
  output logic [CellW-1:0] row_addr_o,
  output logic             in_re_o,       //          and, every fourth row, a word of inputs
  output logic [InW-1:0]   in_addr_o,
  output logic             cond_en_o,     // cycle 1
  output logic [1:0]       in_byte_o,
  output logic             acc_row_o,     // cycle 2
  output logic             take_o,        // cycle 3 of the last row: hold the sums; without Hold: all are read
  output logic             conv_re_o,     // from the next cycle on: read a column's held sums and ADC offset
  output logic [ColW-1:0]  conv_col_o,
  output logic             adc_en_o,
  output logic             sat_valid_o,   // the ADC's outputs are valid
  output logic             add_en_o,
  output logic [1:0]       add_part_o,
  output logic             out_we_o,
  output logic [OutW-1:0]  out_addr_o,
  output logic             product_o
);
  localparam int unsigned Longest = !Hold ? Rows + 1 + Cols : (Rows >= Cols ? Rows + 1 : Cols);
  localparam int unsigned SlotW = Longest > 8 ? $clog2(Longest) : 3;

  logic             accept;
  logic             run_q;                            // slots are being issued
  logic [SlotW-1:0] slot_q, slot_last_q, row_last_q;
  logic [ColW-1:0]  col_last_q;
  logic [15:0]      left_q;                           // vectors after this one
  logic [CellW-1:0] bank_q;                           // first row of the bank
  logic [InW-1:0]   in_q, stride_q;
  logic [OutW-1:0]  out_q;
  logic             cond_q, cond_last_q, acc_q, acc_last_q, take_q;
  logic [1:0]       byte_q;
  logic             conv_q;
  logic [ColW-1:0]  col_q;
  logic             adc_q, add_q, out_we_q;
  logic             adc_last_q, add_last_q, out_last_q;
  logic [1:0]       adc_part_q, add_part_q;

  assign busy_o = run_q || cond_q || acc_q || take_q || conv_q || adc_q || add_q || out_we_q;
  assign job_ready_o = !busy_o;
  assign accept = job_valid_i && job_ready_o;

  // Rows of the vectors, one slot after the other.
  assign row_re_o = run_q && slot_q <= row_last_q;
  assign row_addr_o = bank_q + CellW'(slot_q);
  assign in_re_o = row_re_o && slot_q[1:0] == 2'd0;
  assign in_addr_o = in_q + InW'(slot_q[SlotW-1:2]);
  assign cond_en_o = cond_q;
  assign in_byte_o = byte_q;
  assign acc_row_o = acc_q;
  assign take_o = Hold ? take_q : conv_q && col_q == col_last_q;

  always_ff @(posedge clk_i) begin
    if (accept) begin
      slot_q <= '0;
      if (!Hold) slot_last_q <= SlotW'(job_rows_i) + SlotW'(job_cols_i);
      else slot_last_q <= SlotW'(job_rows_i >= job_cols_i ? job_rows_i : job_cols_i - 16'd1);
      row_last_q <= SlotW'(job_rows_i - 16'd1);
      col_last_q <= ColW'(job_cols_i - 16'd1);
      left_q <= job_count_i - 16'd1;
      bank_q <= CellW'(32'(job_bank_i) * Rows);
      in_q <= InW'(job_in_i);
      stride_q <= InW'(job_stride_i);
    end else if (run_q) begin
      slot_q <= slot_q + SlotW'(1'b1);
      if (slot_q == slot_last_q) begin
        slot_q <= '0;
        left_q <= left_q - 16'd1;
        in_q <= in_q + stride_q;
      end
    end
    if (!rst_ni) run_q <= 1'b0;
    else if (accept) run_q <= 1'b1;
    else if (slot_q == slot_last_q && left_q == '0) run_q <= 1'b0;
  end

  always_ff @(posedge clk_i) begin
    cond_q <= rst_ni && row_re_o;
    acc_q <= rst_ni && cond_q;
    if (row_re_o) begin
      cond_last_q <= slot_q == row_last_q;
      byte_q <= slot_q[1:0];
    end
    acc_last_q <= cond_last_q;
    take_q <= rst_ni && acc_q && acc_last_q;
  end

  // Conversion of the held sums, one column a cycle.
  assign conv_re_o = conv_q;
  assign conv_col_o = col_q;
  assign adc_en_o = adc_q;
  assign sat_valid_o = add_q;
  assign add_en_o = add_q;
  assign add_part_o = add_part_q;
  assign out_we_o = out_we_q;
  assign out_addr_o = out_q;
  assign product_o = out_we_q && out_last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) conv_q <= 1'b0;
    else if (take_q) conv_q <= 1'b1;
    else if (col_q == col_last_q) conv_q <= 1'b0;
    if (take_q) col_q <= '0;
    else if (conv_q) col_q <= col_q + ColW'(1'b1);
    adc_q <= rst_ni && conv_q;
    add_q <= rst_ni && adc_q;
    out_we_q <= rst_ni && add_q && add_part_q == 2'd3;
    adc_part_q <= col_q[1:0];
    adc_last_q <= col_q == col_last_q;
    add_part_q <= adc_part_q;
    add_last_q <= adc_last_q;
    out_last_q <= add_last_q;
    if (accept) out_q <= OutW'(job_out_i);
    else if (out_we_q) out_q <= out_q + OutW'(1'b1);
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && accept) begin
      JobBankInRange_A : assert (32'(job_bank_i) < Banks);
      JobRowsInRange_A : assert (job_rows_i != '0 && 32'(job_rows_i) <= Rows);
      JobColsInRange_A : assert (job_cols_i != '0 && 32'(job_cols_i) <= Cols && job_cols_i[1:0] == 2'd0);
      JobCountInRange_A : assert (job_count_i != '0);
      JobInputsInRange_A : assert (33'(job_in_i) + (33'(job_count_i) - 33'd1) * 33'(job_stride_i) +
                                   ((33'(job_rows_i) + 33'd3) >> 2) <= 33'(InWords));
      JobOutputsInRange_A : assert (33'(job_out_i) + 33'(job_count_i) * 33'(job_cols_i[15:2]) <= 33'(OutWords));
    end
    if (rst_ni && take_q) begin
      HeldSumsRead_A : assert (!conv_q || (Hold && col_q == col_last_q));
    end
  end
endmodule
