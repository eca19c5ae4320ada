// The tile's sequencer: a vector takes a slot of max(rows + 1, cols / Converters + Lead) cycles, and its conversion runs in
// the next slot. Without Hold the conversion reads the sums themselves and the rows wait for it: a slot of
// rows + 1 + cols / Converters + Lead cycles. With noise cell by cell a row takes cols + 12 cycles, in which u_walk of the
// tile adds its cells one by one.
//
// Columns are converted in groups of Converters neighbours, one group a cycle.
//
// With Hold a job is accepted while the one before is still converted, if all of that is written before the last row of the
// new one's first vector is read: with that row the conversion goes over to the new job.
//
//   rows      0      1          2            one cycle after the last row: hold the sums
//             read   cond, x    accumulate
//   groups    0                 1      2           3
//             read held sums    ADC    shift-add   write the result
//
// With Effects:
//   rows      0      1          2     3        4
//             read   cond, x    age   rails    accumulate
//   groups    0              3            6             7             8      9     10          11
//             launch noise   read sums    read tables   gain, read    INL    ADC   shift-add   write the result
module cim_tile_ctrl #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64,
  parameter bit Hold = 1'b1,
  parameter bit Effects = 1'b0,
  parameter int unsigned Converters = 1,  // columns a group: 1, 2
  localparam int unsigned RowW = $clog2(Rows),
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
  input  logic [31:0]      job_read_i,
  input  logic             cell_noise_i,  // constant while busy
  output logic             busy_o,

  output logic             row_re_o,      // cycle 0: read a row of levels and offsets
  output logic [RowW-1:0]  row_o,         //          row of the bank
  output logic [CellW-1:0] row_addr_o,
  output logic             in_re_o,       //          and, every fourth row, a word of inputs
  output logic [InW-1:0]   in_addr_o,
  output logic             cond_en_o,     // cycle 1
  output logic [1:0]       in_byte_o,
  output logic             age_en_o,      // cycle 2, with Effects
  output logic             rails_en_o,    // cycle 3, with Effects
  output logic             acc_row_o,     // cycle 2 (4); not with noise cell by cell
  output logic             walk_o,        // cycle 3 with noise cell by cell: the row's cells may be added
  input  logic             walk_busy_i,
  input  logic             walk_done_i,   // the last of them is being added
  output logic [31:0]      row_read_o,    // number of the read that the rows belong to
  output logic [31:0]      conv_read_o,   // and of the one being converted
  output logic [CellW-1:0] row_cell_o,    // the row, of all banks, until the next one is read
  output logic [15:0]      bank_o,
  output logic [ColW-1:0]  col_last_o,    // last column in use; with Effects from cycle 3 on, until the next row's
  output logic             take_o,        // the cycle after the last row: hold the sums; without Hold: all are read
  output logic             launch_o,      // from the next cycle on: a group's noise, with Effects
  output logic [ColW-1:0]  launch_col_o,  // first column of the group, as in the next ones
  output logic             conv_re_o,     // read a group's held sums
  output logic [ColW-1:0]  conv_col_o,
  output logic             table_re_o,    // read a group's tables
  output logic [ColW-1:0]  table_col_o,
  output logic             gain_en_o,     // with Effects
  output logic             inl_en_o,      // with Effects
  output logic             adc_en_o,
  output logic             sat_valid_o,   // the ADC's outputs are valid
  output logic             add_en_o,
  output logic [1:0]       add_part_o,
  output logic             out_we_o,
  output logic [OutW-1:0]  out_addr_o,
  output logic             product_o
);
  localparam int unsigned Lead = Effects ? 3 : 0;           // of the noise before the sums
  localparam int unsigned TableStage = Effects ? 6 : 0;     // counted from the launch
  localparam int unsigned GainStage = Effects ? 7 : 0;
  localparam int unsigned AdcStage = Effects ? 9 : 1;
  localparam int unsigned OutStage = AdcStage + 2;
  localparam int unsigned TakeStage = Effects ? 5 : 3;      // counted from a row's read
  localparam int unsigned GroupBits = $clog2(Converters);   // of a column's number, within its group
  localparam int unsigned GroupW = ColW - GroupBits;
  localparam int unsigned Convert = Cols / Converters + Lead;
  localparam int unsigned Longest = !Hold ? Rows + 1 + Convert : (Rows >= Convert ? Rows + 1 : Convert);
  localparam int unsigned StepW = $clog2(Cols + 12);
  localparam int unsigned SlotW = Longest > 8 ? $clog2(Longest) : 3;

  logic             accept, early, hand_over;
  logic             first_q;                          // the job's first vector
  logic             run_q;                            // slots are being issued
  logic [SlotW-1:0] slot_q, slot_last_q, row_last_q;
  logic [StepW-1:0] step_q;                           // cycle of a row, with noise cell by cell
  logic             advance;
  logic [15:0]      job_groups;
  logic [ColW-1:0]  col_last_q;
  logic [15:0]      left_q;                           // vectors after this one
  logic [CellW-1:0] bank_q;                           // first row of the bank
  logic [InW-1:0]   in_q, stride_q;
  logic [OutW-1:0]  out_first_q, out_q;
  logic             cond_q, cond_last_q, pre_acc, pre_last, acc_q, acc_last_q, take_q;
  logic [1:0]       byte_q;
  logic             conv_q;
  logic [GroupW-1:0] group_q, group_last_q, job_group_last;
  logic [OutStage:0] conv;                            // a group is in this stage of its conversion
  logic [(OutStage+1)*GroupW-1:0] conv_group;
  logic [OutStage:1] conv_next_q;
  logic [OutStage*GroupW-1:0] conv_group_q;

  assign busy_o = run_q || cond_q || age_en_o || rails_en_o || walk_busy_i || acc_q || take_q || conv != '0;
  assign job_ready_o = !busy_o || early;
  assign accept = job_valid_i && job_ready_o;
  assign job_groups = job_cols_i >> GroupBits;

  // Rows of the vectors, one slot after the other.
  assign advance = !cell_noise_i || slot_q > row_last_q || step_q == StepW'(col_last_q) + StepW'(4'd12);
  assign row_re_o = run_q && slot_q <= row_last_q && (!cell_noise_i || step_q == '0);
  assign row_o = RowW'(slot_q);
  assign row_addr_o = bank_q + CellW'(slot_q);
  assign in_re_o = row_re_o && slot_q[1:0] == 2'd0;
  assign in_addr_o = in_q + InW'(slot_q[SlotW-1:2]);
  assign cond_en_o = cond_q;
  assign in_byte_o = byte_q;
  assign acc_row_o = acc_q && !cell_noise_i;
  assign take_o = Hold ? take_q : conv[Lead] && conv_group[Lead*GroupW+:GroupW] == group_last_q;

  always_ff @(posedge clk_i) begin
    if (accept) begin
      slot_q <= '0;
      if (!Hold) slot_last_q <= SlotW'(job_rows_i) + SlotW'(job_groups) + SlotW'(Lead);
      else if (32'(job_rows_i) >= 32'(job_groups) + Lead) slot_last_q <= SlotW'(job_rows_i);
      else slot_last_q <= SlotW'(32'(job_groups) + Lead - 32'd1);
      row_last_q <= SlotW'(job_rows_i - 16'd1);
      col_last_q <= ColW'(job_cols_i - 16'd1);
      left_q <= job_count_i - 16'd1;
      bank_q <= CellW'(32'(job_bank_i) * Rows);
      in_q <= InW'(job_in_i);
      stride_q <= InW'(job_stride_i);
    end else if (run_q && advance) begin
      slot_q <= slot_q + SlotW'(1'b1);
      if (slot_q == slot_last_q) begin
        slot_q <= '0;
        left_q <= left_q - 16'd1;
        in_q <= in_q + stride_q;
      end
    end
    if (accept || advance) step_q <= '0;
    else step_q <= step_q + StepW'(1'b1);
    if (!rst_ni) run_q <= 1'b0;
    else if (accept) run_q <= 1'b1;
    else if (advance && slot_q == slot_last_q && left_q == '0) run_q <= 1'b0;
  end

  always_ff @(posedge clk_i) begin
    cond_q <= rst_ni && row_re_o;
    acc_q <= rst_ni && pre_acc;
    if (row_re_o) begin
      cond_last_q <= slot_q == row_last_q;
      byte_q <= slot_q[1:0];
    end
    acc_last_q <= pre_last;
    take_q <= rst_ni && (cell_noise_i ? walk_done_i && cond_last_q : acc_q && acc_last_q);
  end

  if (Effects) begin : gen_effects
    logic age_q, rails_q, age_last_q, rails_last_q;
    logic [31:0] row_read_q, conv_read_q, next_read_q;
    logic [CellW-1:0] cell_q;
    logic [ColW-1:0] cond_col_last_q, age_col_last_q, rails_col_last_q;
    logic [15:0] job_bank_q, conv_bank_q;

    assign age_en_o = age_q;
    assign rails_en_o = rails_q;
    assign pre_acc = rails_q;
    assign pre_last = rails_last_q;
    assign walk_o = rails_q && cell_noise_i;
    assign row_read_o = row_read_q;
    assign conv_read_o = conv_read_q;
    assign row_cell_o = cell_q;
    assign col_last_o = rails_col_last_q;
    assign bank_o = conv_bank_q;

    always_ff @(posedge clk_i) begin
      age_q <= rst_ni && cond_q;
      rails_q <= rst_ni && age_q;
      age_last_q <= cond_last_q;
      rails_last_q <= age_last_q;
      if (row_re_o) begin
        cell_q <= row_addr_o;
        cond_col_last_q <= col_last_q;
      end
      if (cond_q) age_col_last_q <= cond_col_last_q;
      if (age_q) rails_col_last_q <= age_col_last_q;
      if (accept) job_bank_q <= job_bank_i;
      if (hand_over) conv_bank_q <= job_bank_q;
      if (accept) row_read_q <= job_read_i;
      else if (run_q && advance && slot_q == slot_last_q) row_read_q <= row_read_q + 32'd1;
      if (hand_over) next_read_q <= row_read_q;
      else if (take_q) next_read_q <= next_read_q + 32'd1;
      if (take_q) conv_read_q <= next_read_q;
    end
  end else begin : gen_plain
    assign age_en_o = 1'b0;
    assign rails_en_o = 1'b0;
    assign pre_acc = cond_q;
    assign pre_last = cond_last_q;
    assign walk_o = 1'b0;
    assign row_read_o = '0;
    assign conv_read_o = '0;
    assign row_cell_o = '0;
    assign col_last_o = col_last_q;
    assign bank_o = '0;
    logic unused;
    assign unused = ^job_read_i;
  end

  // The conversion's job: the rows' one, from the last row of its first vector on.
  assign early = Hold && !cell_noise_i && (!run_q || (slot_q == slot_last_q && left_q == '0)) &&
                 32'(job_rows_i) >= 32'(job_group_last) + OutStage + TakeStage;
  assign job_group_last = GroupW'(col_last_q >> GroupBits);
  assign hand_over = first_q && row_re_o && slot_q == row_last_q;

  always_ff @(posedge clk_i) begin
    if (accept) begin
      first_q <= 1'b1;
      out_first_q <= OutW'(job_out_i);
    end else if (hand_over) begin
      first_q <= 1'b0;
    end
    if (hand_over) group_last_q <= job_group_last;
  end

  // Conversion of the held sums, one group a cycle.
  assign conv = {conv_next_q, conv_q};
  assign conv_group = {conv_group_q, group_q};
  assign launch_o = conv_q;
  assign launch_col_o = ColW'(group_q) << GroupBits;
  assign conv_re_o = conv[Lead];
  assign conv_col_o = ColW'(conv_group[Lead*GroupW+:GroupW]) << GroupBits;
  assign table_re_o = conv[TableStage];
  assign table_col_o = ColW'(conv_group[TableStage*GroupW+:GroupW]) << GroupBits;
  assign gain_en_o = Effects && conv[GainStage];
  assign inl_en_o = Effects && conv[GainStage+1];
  assign adc_en_o = conv[AdcStage];
  assign sat_valid_o = conv[AdcStage+1];
  assign add_en_o = conv[AdcStage+1];
  assign add_part_o = 2'(conv_group[(AdcStage+1)*GroupW+:2-GroupBits]) << GroupBits;
  assign out_we_o = conv[OutStage] && conv_group[OutStage*GroupW+:2-GroupBits] == '1;
  assign out_addr_o = out_q;
  assign product_o = conv[OutStage] && conv_group[OutStage*GroupW+:GroupW] == group_last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) conv_q <= 1'b0;
    else if (take_q) conv_q <= 1'b1;
    else if (group_q == group_last_q) conv_q <= 1'b0;
    if (take_q) group_q <= '0;
    else if (conv_q) group_q <= group_q + GroupW'(1'b1);
    conv_next_q <= rst_ni ? conv[OutStage-1:0] : '0;
    conv_group_q <= conv_group[OutStage*GroupW-1:0];
    if (hand_over) out_q <= out_first_q;
    else if (out_we_o) out_q <= out_q + OutW'(1'b1);
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
    if (rst_ni && hand_over) AllWritten_A : assert (!take_q && conv[OutStage-1:0] == '0);
    if (rst_ni && take_q) begin
      HeldSumsRead_A : assert (conv[Lead:0] == '0 || (Hold && conv[Lead:0] == (Lead+1)'(1'b1) << Lead &&
                                                      conv_group[Lead*GroupW+:GroupW] == group_last_q));
    end
  end
endmodule
