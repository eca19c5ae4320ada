// A template: the smallest tile that fulfils the contract (docs/tile_contract.md). Copy it and put your own array, ADC and
// sequencer in the place of "the tile itself"; declare the effects that yours has in my_tile.yaml and add their ports.
//
// This one reads one cell a cycle and has no effects: offsets, rails, ADC offsets and the transparent mode do not exist, so
// an LSB is 2^-8 level and a cell is worth level << 8.
module my_tile #(
  parameter int unsigned Rows = 16,       // the bench sets all six from the geometry in the YAML
  parameter int unsigned Cols = 8,
  parameter int unsigned Banks = 2,
  parameter int unsigned InBits = 8,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64
) (
  input  logic        clk_i,
  input  logic        rst_ni,             // synchronous, low for at least four cycles

  // Settings: constant while busy_o.
  input  logic [4:0]  adc_shift_i,        // 0 .. 27
  input  logic [3:0]  adc_bits_i,         // 1 .. 12

  // A job is taken in a cycle with valid and ready; busy_o rises in the next one.
  input  logic        job_valid_i,
  output logic        job_ready_o,
  input  logic [15:0] job_bank_i,
  input  logic [15:0] job_rows_i,
  input  logic [15:0] job_cols_i,
  input  logic [15:0] job_count_i,
  input  logic [15:0] job_in_i,
  input  logic [15:0] job_stride_i,
  input  logic [15:0] job_out_i,
  output logic        busy_o,

  // Memory windows, used only while not busy: 0 levels, 2 inputs, 3 and 4 results.
  input  logic        mem_req_i,
  input  logic        mem_we_i,
  input  logic [3:0]  mem_sel_i,
  input  logic [23:0] mem_addr_i,
  input  logic [3:0]  mem_be_i,
  input  logic [31:0] mem_wdata_i,
  output logic        mem_rvalid_o,       // two cycles after every request
  output logic [31:0] mem_rdata_o,

  output logic        product_o           // one cycle for each vector that is done
);
  localparam int unsigned LevelWords = Cols > 16 ? Cols / 16 : 1;  // of a row
  localparam int unsigned LevelLane = Cols > 16 ? 32 : 2 * Cols;

  logic [LevelLane-1:0] levels [Banks*Rows*LevelWords];
  logic [31:0]          inputs [InWords];
  logic [63:0]          outputs [OutWords];

  // --- The tile itself ---

  logic        busy_q, convert_q;
  logic [15:0] bank_q, rows_q, cols_q, left_q, in_q, stride_q, out_q, col_q, row_q;

  logic [LevelLane-1:0] level_word;
  logic [31:0]          word_in;
  logic [1:0]           level;
  logic [7:0]           x;

  assign level_word = levels[(32'(bank_q) * Rows + 32'(row_q)) * LevelWords + 32'(col_q) / 16];
  assign level = level_word[2*(32'(col_q)%16)+:2];
  assign word_in = inputs[32'(in_q)+32'(row_q)/4];
  assign x = word_in[8*(32'(row_q)%4)+:8];

  // Sums of the column, one a plane: u20.0 LSB. Rounded, shifted, clamped; planes and columns weighted and added.
  logic [31:0]        sum_q [InBits];
  logic [31:0]        half, code, code_max;
  logic signed [63:0] column, result, result_q;

  always_comb begin
    half = adc_shift_i == 5'd0 ? 32'd0 : 32'd1 << (adc_shift_i - 5'd1);
    code_max = (32'd1 << adc_bits_i) - 32'd1;
    code = '0;
    column = '0;
    for (int unsigned p = 0; p < InBits; p++) begin
      code = (sum_q[p] + half) >> adc_shift_i;
      if (code > code_max) code = code_max;
      column = column + $signed(64'(code) << p);
    end
    if (col_q[0]) column = column <<< 2;
    result = (col_q[1:0] == 2'd0 ? 64'sd0 : result_q) + (col_q[1] ? -column : column);
  end

  assign busy_o = busy_q;
  assign job_ready_o = !busy_q;
  assign product_o = busy_q && convert_q && col_q + 16'd1 == cols_q;

  always_ff @(posedge clk_i) begin
    if (job_valid_i && job_ready_o) begin
      busy_q <= 1'b1;
      convert_q <= 1'b0;
      bank_q <= job_bank_i;
      rows_q <= job_rows_i;
      cols_q <= job_cols_i;
      left_q <= job_count_i - 16'd1;
      in_q <= job_in_i;
      stride_q <= job_stride_i;
      out_q <= job_out_i;
      row_q <= '0;
      col_q <= '0;
      for (int unsigned p = 0; p < InBits; p++) sum_q[p] <= '0;
    end else if (busy_q && !convert_q) begin
      for (int unsigned p = 0; p < InBits; p++) begin
        if (x[p]) sum_q[p] <= sum_q[p] + 32'({level, 8'd0});
      end
      row_q <= row_q + 16'd1;
      convert_q <= row_q + 16'd1 == rows_q;
    end else if (busy_q) begin
      for (int unsigned p = 0; p < InBits; p++) sum_q[p] <= '0;
      convert_q <= 1'b0;
      row_q <= '0;
      result_q <= result;
      col_q <= product_o ? 16'd0 : col_q + 16'd1;
      if (col_q[1:0] == 2'd3) begin
        outputs[32'(out_q)] <= result;
        out_q <= out_q + 16'd1;
      end
      if (product_o) begin
        in_q <= in_q + stride_q;
        left_q <= left_q - 16'd1;
        if (left_q == 16'd0) busy_q <= 1'b0;
      end
    end
    if (!rst_ni) busy_q <= 1'b0;
  end

  // --- The windows: written at once, read two cycles later ---

  logic        read_q;
  logic [3:0]  sel_q;
  logic [31:0] addr_q, data;

  always_comb begin
    case (sel_q)
      4'd0: data = 32'(levels[addr_q]);
      4'd2: data = inputs[addr_q];
      4'd3: data = outputs[addr_q][31:0];
      4'd4: data = outputs[addr_q][63:32];
      default: data = '0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    read_q <= rst_ni && mem_req_i;
    mem_rvalid_o <= rst_ni && read_q;
    if (mem_req_i) begin
      sel_q <= mem_sel_i;
      addr_q <= 32'(mem_addr_i);
    end
    if (read_q) mem_rdata_o <= data;
    if (mem_req_i && mem_we_i) begin
      if (mem_sel_i == 4'd0) levels[32'(mem_addr_i)] <= mem_wdata_i[LevelLane-1:0];
      if (mem_sel_i == 4'd2) inputs[32'(mem_addr_i)] <= mem_wdata_i;
    end
  end

  // Byte enables count for OFFSET alone, which this tile does not have.
  logic unused;
  assign unused = &{1'b0, mem_be_i};
endmodule
