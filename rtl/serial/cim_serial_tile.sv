// The tile for small parts: one cell a cycle, one ADC. It keeps docs/tile_contract.md (offset, rails, adc_offset, transparent,
// saturations) and has the ports of cim_tile; only cycles differ.
//
// A vector takes cols * (rows + Tail) cycles. A column's rows come one a cycle, then its planes, the highest first:
//
//   rows    0: read      1: conductance      2: add to the sums of the input's bits
//   tail    2 .. 9: sum and offset of a plane    3 .. 10: ADC    4 .. 11: weigh    12: add the column    13: write the result
module cim_serial_tile #(
  parameter int unsigned Rows = 16,       // a power of two, 4 .. 512
  parameter int unsigned Cols = 4,        // physical columns, a power of two, 4 .. 256
  parameter int unsigned Banks = 4,
  parameter int unsigned InBits = 8,      // 8
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  // Settings, constant while busy.
  input  logic        inject_en_i,
  input  logic [4:0]  lsb_exp_i,          // one offset LSB is 2^-lsb_exp level, 8 .. 18
  input  logic [7:0]  base_i,             // u8.0, 2^-8 level
  input  logic        adc_transparent_i,
  input  logic [4:0]  adc_shift_i,        // 0 .. 27
  input  logic [3:0]  adc_bits_i,         // 1 .. 12

  // A job: count vectors by the first rows and cols of a bank. Unused: bits beyond the geometry, here and of addresses.
  input  logic        job_valid_i,
  output logic        job_ready_o,
  /* verilator lint_off UNUSEDSIGNAL */
  input  logic [15:0] job_bank_i,
  input  logic [15:0] job_rows_i,
  input  logic [15:0] job_cols_i,
  input  logic [15:0] job_count_i,
  input  logic [15:0] job_in_i,
  input  logic [15:0] job_stride_i,
  input  logic [15:0] job_out_i,
  /* verilator lint_on UNUSEDSIGNAL */
  output logic        busy_o,

  // Memory windows, only while not busy; the answer comes two cycles after the request, also to a write.
  input  logic        mem_req_i,
  input  logic        mem_we_i,
  input  logic [3:0]  mem_sel_i,          // cim_tile_pkg::Sel*
  /* verilator lint_off UNUSEDSIGNAL */
  input  logic [23:0] mem_addr_i,         // word inside the window
  /* verilator lint_on UNUSEDSIGNAL */
  input  logic [3:0]  mem_be_i,
  input  logic [31:0] mem_wdata_i,
  output logic        mem_rvalid_o,
  output logic [31:0] mem_rdata_o,

  // Counting pulses.
  output logic        product_o,          // a vector's last result is being written
  output logic [7:0]  sat_o               // saturated conversions of this cycle
);
  localparam int unsigned CondBits = cim_tile_pkg::CondBits;
  localparam int unsigned BaseBits = cim_tile_pkg::BaseBits;
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits;
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits;
  localparam int unsigned SumBits = CondBits + $clog2(Rows);
  localparam int unsigned CodeBits = (SumBits > 27 ? SumBits : 27) + 2;
  localparam int unsigned ColumnBits = CodeBits + 8;
  localparam int unsigned Tail = 14;
  localparam int unsigned RowW = $clog2(Rows);
  localparam int unsigned ColW = $clog2(Cols);
  localparam int unsigned BankW = Banks > 1 ? $clog2(Banks) : 1;
  localparam int unsigned InW = $clog2(InWords);
  localparam int unsigned OutW = $clog2(OutWords);
  localparam int unsigned LevelCols = Cols > 16 ? 16 : Cols;   // of a word
  localparam int unsigned LevelWords = Banks * Rows * (Cols / LevelCols);
  localparam int unsigned OffsetWords = Banks * Rows * (Cols / 4);
  localparam int unsigned LevelW = $clog2(LevelWords);
  localparam int unsigned OffsetW = $clog2(OffsetWords);

  if (Rows < 4 || Rows > cim_tile_pkg::MaxRows || (Rows & (Rows - 1)) != 0) begin : gen_illegal_rows
    $error("cim_serial_tile: Rows must be a power of two between 4 and 512.");
  end
  if (Cols < 4 || Cols > 256 || (Cols & (Cols - 1)) != 0) begin : gen_illegal_cols
    $error("cim_serial_tile: Cols must be a power of two between 4 and 256.");
  end
  if (Banks < 1 || Banks > 65535) begin : gen_illegal_banks
    $error("cim_serial_tile: Banks must be between 1 and 65535.");
  end
  if (InBits != 8) begin : gen_illegal_in_bits
    $error("cim_serial_tile: InBits must be 8.");
  end

  // The sequence.
  logic             busy_q, tail_q, accept, row_re, last_col, write;
  logic [3:0]       step_q;
  logic [RowW-1:0]  row_q, row_last_q;
  logic [ColW-1:0]  col_q, col_last_q;
  logic [BankW-1:0] bank_q;
  logic [15:0]      left_q;
  logic [InW-1:0]   in_q, stride_q;
  logic [OutW-1:0]  out_q;
  logic             cond_en_q, add_q;
  logic [1:0]       byte_q;

  assign busy_o = busy_q;
  assign job_ready_o = !busy_q;
  assign accept = job_valid_i && job_ready_o;
  assign row_re = busy_q && !tail_q;
  assign write = tail_q && step_q == 4'(Tail - 1);
  assign last_col = col_q == col_last_q;
  assign product_o = write && last_col;

  always_ff @(posedge clk_i) begin
    cond_en_q <= row_re;
    add_q <= cond_en_q;
    byte_q <= row_q[1:0];
    if (accept) begin
      busy_q <= 1'b1;
      bank_q <= BankW'(job_bank_i);
      row_last_q <= RowW'(job_rows_i - 16'd1);
      col_last_q <= ColW'(job_cols_i - 16'd1);
      left_q <= job_count_i - 16'd1;
      in_q <= InW'(job_in_i);
      stride_q <= InW'(job_stride_i);
      out_q <= OutW'(job_out_i);
    end
    if (!busy_q) begin
      tail_q <= 1'b0;
      row_q <= '0;
      col_q <= '0;
      step_q <= '0;
    end else if (!tail_q) begin
      row_q <= row_q + RowW'(1'b1);
      tail_q <= row_q == row_last_q;
    end else if (!write) begin
      step_q <= step_q + 4'd1;
    end else begin
      tail_q <= 1'b0;
      row_q <= '0;
      step_q <= '0;
      col_q <= last_col ? '0 : col_q + ColW'(1'b1);
      if (col_q[1:0] == 2'd3) out_q <= out_q + OutW'(1'b1);
      if (last_col) begin
        in_q <= in_q + stride_q;
        left_q <= left_q - 16'd1;
        if (left_q == '0) busy_q <= 1'b0;
      end
    end
    if (!rst_ni) busy_q <= 1'b0;
  end

  // The memories: the sequence's while busy, else the windows'.
  logic        read_q, valid_q;
  logic [3:0]  sel_q;
  logic [31:0] data, in_word, offset_word;
  logic [2*LevelCols-1:0] level_word;
  logic [ResultBits-1:0]  out_word, result_q;
  logic [15:0] adc_offset;
  logic [cim_tile_pkg::Windows-1:0] win;
  logic [BankW+RowW+ColW-1:0] cell_addr;   // of a cell

  assign win = mem_req_i ? cim_tile_pkg::Windows'(1'b1) << mem_sel_i : '0;
  assign cell_addr = {bank_q, row_q, col_q};

  cim_ram_sp #(
    .Width(2 * LevelCols), .LaneW(2 * LevelCols), .Depth(LevelWords)
  ) u_levels (
    .clk_i, .req_i(row_re || win[cim_tile_pkg::SelLevel]), .we_i(mem_we_i && !busy_q),
    .addr_i(busy_q ? LevelW'(cell_addr >> $clog2(LevelCols)) : LevelW'(mem_addr_i)), .be_i(1'b1),
    .wdata_i((2*LevelCols)'(mem_wdata_i)), .rdata_o(level_word)
  );

  cim_ram_sp #(
    .Width(32), .LaneW(8), .Depth(OffsetWords)
  ) u_offsets (
    .clk_i, .req_i(row_re || win[cim_tile_pkg::SelOffset]), .we_i(mem_we_i && !busy_q),
    .addr_i(busy_q ? OffsetW'(cell_addr >> 2) : OffsetW'(mem_addr_i)), .be_i(mem_be_i), .wdata_i(mem_wdata_i),
    .rdata_o(offset_word)
  );

  cim_ram_be #(
    .Width(32), .LaneW(32), .Depth(InWords)
  ) u_inputs (
    .clk_i, .we_i(win[cim_tile_pkg::SelInput] && mem_we_i), .waddr_i(InW'(mem_addr_i)), .be_i(1'b1), .wdata_i(mem_wdata_i),
    .re_i(row_re || (win[cim_tile_pkg::SelInput] && !mem_we_i)),
    .raddr_i(busy_q ? in_q + InW'(32'(row_q) >> 2) : InW'(mem_addr_i)), .rdata_o(in_word)
  );

  cim_ram_be #(
    .Width(16), .LaneW(16), .Depth(Cols)
  ) u_adc_offsets (
    .clk_i, .we_i(win[cim_tile_pkg::SelAdcOffset] && mem_we_i), .waddr_i(ColW'(mem_addr_i)), .be_i(1'b1),
    .wdata_i(mem_wdata_i[15:0]), .re_i(row_re || (win[cim_tile_pkg::SelAdcOffset] && !mem_we_i)),
    .raddr_i(busy_q ? col_q : ColW'(mem_addr_i)), .rdata_o(adc_offset)
  );

  cim_ram_be #(
    .Width(ResultBits), .LaneW(ResultBits), .Depth(OutWords)
  ) u_outputs (
    .clk_i, .we_i(write && col_q[1:0] == 2'd3), .waddr_i(out_q), .be_i(1'b1), .wdata_i(result_q),
    .re_i(!mem_we_i && (win[cim_tile_pkg::SelOutputLo] || win[cim_tile_pkg::SelOutputHi])),
    .raddr_i(OutW'(mem_addr_i)), .rdata_o(out_word)
  );

  always_comb begin
    case (sel_q)
      cim_tile_pkg::SelLevel: data = 32'(level_word);
      cim_tile_pkg::SelOffset: data = offset_word;
      cim_tile_pkg::SelInput: data = in_word;
      cim_tile_pkg::SelOutputLo: data = out_word[31:0];
      cim_tile_pkg::SelOutputHi: data = 32'($signed(out_word[ResultBits-1:32]));
      cim_tile_pkg::SelAdcOffset: data = 32'($signed(adc_offset));
      default: data = '0;
    endcase
  end

  assign mem_rvalid_o = valid_q;
  always_ff @(posedge clk_i) begin
    read_q <= rst_ni && mem_req_i;
    valid_q <= rst_ni && read_q;
    if (mem_req_i) sel_q <= mem_sel_i;
    if (read_q) mem_rdata_o <= data;
  end

  // The data path, of one cell: the other lanes of cim_conductance are zero and vanish.
  logic [3:0]            fine;
  logic [BaseBits-1:0]   base;
  logic [26:0]           half;
  logic [11:0]           code_max;
  logic [CodeBits-1:0]   over;
  logic [7:0]            x_q;
  logic [4*LaneBits-1:0] cond;
  logic [ColumnBits-1:0] column;
  logic [ResultBits-1:0] term;
  logic                  sat, code_en;

  cim_scale #(
    .CodeBits(CodeBits)
  ) u_scale (
    .lsb_exp_i, .base_i, .adc_transparent_i, .adc_shift_i, .adc_bits_i, .fine_o(fine), .base_o(base), .half_o(half),
    .code_max_o(code_max), .over_o(over)
  );

  cim_conductance #(
    .Cols(4)
  ) u_conductance (
    .clk_i, .en_i(cond_en_q), .inject_en_i, .lsb_exp_i, .base_i(base),
    .level_i({6'd0, level_word[2*(32'(col_q)%LevelCols)+:2]}), .offset_i({24'd0, offset_word[8*32'(col_q[1:0])+:8]}),
    .cond_o(cond)
  );

  always_ff @(posedge clk_i) begin
    if (cond_en_q) x_q <= in_word[8*32'(byte_q)+:8];
  end

  assign code_en = tail_q && step_q >= 4'd4 && step_q <= 4'd11;

  cim_serial_column #(
    .Rows(Rows)
  ) u_column (
    .clk_i, .lsb_exp_i, .transparent_i(adc_transparent_i), .shift_i(adc_shift_i), .half_i(half), .code_max_i(code_max),
    .over_i(over), .clear_i(write || !busy_q), .row_i(add_q), .x_i(x_q), .cond_i(cond[CondBits-1:0]),
    .sum_en_i(tail_q), .plane_i(3'(4'd9 - step_q)), .offset_i(adc_offset), .adc_en_i(tail_q), .code_en_i(code_en),
    .first_i(step_q == 4'd4), .sat_o(sat), .column_o(column)
  );
  assign sat_o = 8'(code_en && sat);

  // Four columns, two slices, positive then negative, into one result.
  assign term = ResultBits'($signed(column)) << (col_q[0] ? 2 : 0);
  always_ff @(posedge clk_i) begin
    if (tail_q && step_q == 4'd12) begin
      result_q <= (col_q[1:0] == 2'd0 ? '0 : result_q) + (col_q[1] ? -term : term);
    end
  end

  logic unused;
  assign unused = ^{fine, cond[4*LaneBits-1:CondBits]};
endmodule
