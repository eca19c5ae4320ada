// cim_tile_ctrl: every accepted legal job ends, in bounded time; it reads its own rows and inputs and no others, in
// order; every vector's sum holds exactly its rows; it writes exactly its outputs, in order, and counts its vectors. So
// does a job that is accepted while another one is converted: nothing of one lands in the other's place.
module tile_ctrl_props #(
  parameter int unsigned Rows = 4,
  parameter int unsigned Cols = 8,
  parameter bit Hold = 1'b1,
  parameter int unsigned Converters = 1,
  // Planted: 1 one row more, 2 one vector less, 3 the wrong bank, 4 a stride of 0, 5 a job that overlaps another one gets
  // the other's columns.
  parameter int unsigned Fault = 0,
  parameter int unsigned Vectors = 8,   // of a job, at most
  localparam int unsigned Banks = 2,
  localparam int unsigned InWords = 4,
  localparam int unsigned OutWords = 8,
  localparam int unsigned CellW = $clog2(Rows * Banks),
  localparam int unsigned ColW = $clog2(Cols)
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        job_valid_i,
  input logic [15:0] bank_i,
  input logic [15:0] rows_i,
  input logic [15:0] cols_i,
  input logic [15:0] count_i,
  input logic [15:0] in_i,
  input logic [15:0] stride_i,
  input logic [15:0] out_i
);
  logic ready, busy, row_re, in_re, cond_en, acc_row, take, conv_re, adc_en, sat_valid, add_en, out_we, product;
  logic [CellW-1:0] row_addr;
  logic [1:0] in_addr, in_byte, add_part;
  logic [ColW-1:0] conv_col;
  logic [2:0] out_addr;

  // The job whose rows are read, and what of it has been seen: the row due, the vectors begun, the cycles since it was
  // accepted.
  logic [7:0] bank_q, rows_q, cols_q, count_q, base_q, stride_q, out_q;
  logic [7:0] row_q, begun_q, age_q, slot;
  // The job whose rows are added: rows added since the last take, vectors that are still to be taken.
  logic [7:0] add_rows_q, added_q, takes_q;
  // The job that is converted: columns read, outputs written, vectors finished.
  logic [7:0] conv_cols_q, conv_count_q, conv_out_q, col_q, output_q, finished_q;
  logic running_q, accept, add_due_q, conv_due_q, converted;

  cim_tile_ctrl #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords), .Hold(Hold), .Converters(Converters)
  ) u_dut (
    .clk_i, .rst_ni, .job_valid_i, .job_ready_o(ready),
    .job_bank_i(Fault == 3 ? bank_i ^ 16'd1 : bank_i), .job_rows_i(Fault == 1 ? rows_i + 16'd1 : rows_i),
    .job_cols_i(Fault == 5 && busy ? 16'(cols_q) : cols_i),
    .job_count_i(Fault == 2 ? count_i - 16'(count_i != 16'd1) : count_i),
    .job_in_i(in_i), .job_stride_i(Fault == 4 ? 16'd0 : stride_i), .job_out_i(out_i), .job_read_i('0), .cell_noise_i(1'b0), .walk_busy_i(1'b0), .walk_done_i(1'b0), .busy_o(busy),
    .row_re_o(row_re), .row_addr_o(row_addr), .in_re_o(in_re), .in_addr_o(in_addr), .cond_en_o(cond_en),
    .in_byte_o(in_byte), .acc_row_o(acc_row), .take_o(take), .conv_re_o(conv_re), .conv_col_o(conv_col),
    .adc_en_o(adc_en), .sat_valid_o(sat_valid), .add_en_o(add_en), .add_part_o(add_part), .out_we_o(out_we),
    .out_addr_o(out_addr), .product_o(product)
  );

  assign accept = job_valid_i && ready;
  assign converted = finished_q == conv_count_q;
  always_comb begin
    slot = rows_q + 8'd1 + cols_q / 8'(Converters);
    if (Hold) slot = rows_q + 8'd1 >= cols_q / 8'(Converters) ? rows_q + 8'd1 : cols_q / 8'(Converters);
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {running_q, add_due_q, conv_due_q} <= '0;
      {row_q, begun_q, count_q, added_q, takes_q, col_q, output_q, finished_q, conv_count_q, age_q} <= '0;
    end else begin
      age_q <= age_q + 8'd1;
      running_q <= running_q && busy;
      if (row_re) begin
        row_q <= row_q + 8'd1 == rows_q ? '0 : row_q + 8'd1;
        if (row_q + 8'd1 == rows_q) {begun_q, base_q} <= {begun_q + 8'd1, base_q + stride_q};
      end
      if (take && Hold) takes_q <= takes_q - 8'd1;
      if (take) added_q <= '0;
      else if (acc_row) added_q <= added_q + 8'd1;
      if (conv_re) col_q <= col_q + 8'(Converters) == conv_cols_q ? '0 : col_q + 8'(Converters);
      if (out_we) begin
        conv_out_q <= conv_out_q + 8'd1;
        output_q <= (output_q + 8'd1) << 2 == conv_cols_q ? '0 : output_q + 8'd1;
        if ((output_q + 8'd1) << 2 == conv_cols_q) finished_q <= finished_q + 8'd1;
      end
      // A job goes on to the next part when the job before has left it.
      if (add_due_q && takes_q == '0) begin
        {add_rows_q, takes_q} <= {rows_q, Hold ? count_q : 8'd0};
        add_due_q <= 1'b0;
      end
      if (conv_due_q && converted) begin
        {conv_cols_q, conv_count_q, conv_out_q, finished_q} <= {cols_q, count_q, out_q, 8'd0};
        conv_due_q <= 1'b0;
      end
      if (accept) begin
        {bank_q, rows_q, cols_q, count_q} <= {bank_i[7:0], rows_i[7:0], cols_i[7:0], count_i[7:0]};
        {base_q, stride_q, out_q} <= {in_i[7:0], stride_i[7:0], out_i[7:0]};
        {row_q, begun_q, age_q} <= '0;
        {running_q, add_due_q, conv_due_q} <= '1;
      end
    end
  end

  logic [33:0] in_end, out_end;
  assign in_end = 34'(in_i) + (34'(count_i) - 34'd1) * 34'(stride_i) + ((34'(rows_i) + 34'd3) >> 2);
  assign out_end = 34'(out_i) + 34'(count_i) * 34'(cols_i >> 2);
  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (job_valid_i) begin
      assume (32'(bank_i) < Banks && rows_i != '0 && 32'(rows_i) <= Rows && cols_i != '0 && 32'(cols_i) <= Cols);
      assume (cols_i[1:0] == '0 && count_i != '0 && in_end <= 34'(InWords) && out_end <= 34'(OutWords));
      // A stride is free where there is one vector; a block of this size needs none above InWords.
      assume (32'(stride_i) <= InWords && 32'(count_i) <= Vectors && 32'(in_i) <= InWords && 32'(out_i) <= OutWords);
    end
    if (!$initstate && rst_ni) begin
      ReadyWhenIdle_A : assert (ready || busy);
      AcceptsAfterTheRows_A : assert (!accept || !busy || (begun_q == count_q && (!add_due_q || takes_q == '0) &&
          (!conv_due_q || converted)));
      BusyWhileRunning_A : assert (running_q || !busy);
      RowOfTheJob_A : assert (!row_re || (begun_q < count_q && row_q < rows_q &&
          32'(row_addr) == 32'(bank_q) * Rows + 32'(row_q)));
      InputOfTheRow_A : assert (in_re == (row_re && row_q[1:0] == 2'd0) &&
          (!in_re || 8'(in_addr) == base_q + (row_q >> 2)));
      SumOfTheRows_A : assert (!(take && acc_row) && (!take || added_q == add_rows_q) && (!acc_row || added_q < add_rows_q));
      Columns_A : assert (!conv_re || (8'(conv_col) == col_q && col_q < conv_cols_q && !converted));
      OutputPlace_A : assert (!out_we || (!converted && 8'(out_addr) == conv_out_q && 32'(conv_out_q) < OutWords));
      Products_A : assert (product == (out_we && (output_q + 8'd1) << 2 == conv_cols_q));
      EndsWithAll_A : assert (!running_q || busy || (converted && !conv_due_q && begun_q == count_q));
      EndsInTime_A : assert (!running_q || age_q <= 8'(count_q * slot) + cols_q / 8'(Converters) + 8'd8);
    end
    TwoVectors_C : cover (!$initstate && rst_ni && running_q && !busy && count_q == 8'd2);
    Overlap_C : cover (!$initstate && rst_ni && accept && busy);
  end
endmodule
