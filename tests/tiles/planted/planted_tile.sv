// A tile that reads one cell a cycle, with bugs to be found: bug_i = 0 is a good tile, 1 .. 13 each have one defect
// (the list is in planted.yaml). It shows that the bench can fail, and for the right reason.
module planted_tile #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 8,
  parameter int unsigned Banks = 2,
  parameter int unsigned InBits = 8,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic [3:0]  bug_i,

  input  logic        inject_en_i,
  input  logic [4:0]  lsb_exp_i,
  input  logic [7:0]  base_i,
  input  logic        adc_transparent_i,
  input  logic [4:0]  adc_shift_i,
  input  logic [3:0]  adc_bits_i,

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

  input  logic        mem_req_i,
  input  logic        mem_we_i,
  input  logic [3:0]  mem_sel_i,
  input  logic [23:0] mem_addr_i,
  input  logic [3:0]  mem_be_i,
  input  logic [31:0] mem_wdata_i,
  output logic        mem_rvalid_o,
  output logic [31:0] mem_rdata_o,

  output logic        product_o,
  output logic [7:0]  sat_o
);
  localparam int unsigned W = 34;                                  // a column's sum with offset and rounding, signed
  localparam int unsigned LevelWords = Cols > 16 ? Cols / 16 : 1;  // of a row
  localparam int unsigned LevelLane = Cols > 16 ? 32 : 2 * Cols;

  // The memories, a word an entry.
  logic [LevelLane-1:0] levels [Banks*Rows*LevelWords];
  logic [31:0]          offsets [Banks*Rows*Cols/4];
  logic [31:0]          inputs [InWords];
  logic [63:0]          outputs [OutWords];
  logic [15:0]          adc_offsets [Cols];

  // The job and where it is: vector, column, row.
  logic        busy_q, convert_q, same_q, first_q;
  logic [15:0] bank_q, rows_q, cols_q, left_q, in_q, stride_q, out_q, col_q, row_q;
  logic [95:0] job, last_job_q;
  logic [7:0]  x0_q;
  logic        accept, last_row, last_col, last_write;

  assign job = {job_bank_i, job_rows_i, job_cols_i, job_count_i, job_in_i, job_out_i};
  assign busy_o = busy_q;
  assign accept = job_valid_i && !busy_q;
  assign last_row = bug_i == 4'd4 && rows_q > 16'd1 ? row_q + 16'd2 >= rows_q : row_q + 16'd1 >= rows_q;
  assign last_col = col_q + 16'd1 == cols_q;
  assign last_write = busy_q && convert_q && last_col && left_q == 16'd0;
  assign job_ready_o = !busy_q || (bug_i == 4'd6 && last_write);   // 6: ready, and nobody takes it

  // One cell: its level, offset, rails and input.
  logic [31:0]         cell_number, word_in;
  logic [LevelLane-1:0] level_word;
  logic [31:0]         offset_word;
  logic [1:0]          level;
  logic signed [7:0]   offset;
  logic signed [W-1:0] base, target, rail, moved, cond;
  logic [7:0]          x;

  assign cell_number = (32'(bank_q) * Rows + 32'(row_q)) * Cols + 32'(col_q);
  assign level_word = levels[(32'(bank_q) * Rows + 32'(row_q)) * LevelWords + 32'(col_q) / 16];
  assign level = level_word[2*(32'(col_q)%16)+:2];
  assign offset_word = offsets[cell_number/4];
  assign offset = inject_en_i ? $signed(offset_word[8*(cell_number%4)+:8]) : 8'sd0;
  assign word_in = inputs[32'(in_q)+32'(row_q)/4];
  assign x = bug_i == 4'd3 && same_q && first_q && row_q == 16'd0 ? x0_q : word_in[8*(32'(row_q)%4)+:8];
  assign base = $signed(W'(base_i)) <<< (lsb_exp_i - 5'd8);
  assign target = base + ($signed(W'(level)) <<< lsb_exp_i);
  assign rail = (base <<< 1) + ($signed(W'(2'd3)) <<< lsb_exp_i);
  assign moved = target + W'(offset);
  assign cond = moved < 0 ? '0 : (moved > rail ? rail : moved);

  // The sums of a column, one a plane, and their conversion.
  logic [W-1:0]        sum_q [InBits];
  logic signed [W-1:0] adc_offset, half, unclamped, code, code_max, analog;
  logic signed [63:0]  column, result_q, result, carry_q;
  logic [7:0]          saturated;

  initial begin   // 10: initialised when the power comes, but not by the reset
    busy_q = 1'b0;
    for (int unsigned p = 0; p < InBits; p++) sum_q[p] = '0;
  end

  always_comb begin
    adc_offset = W'($signed(adc_offsets[32'(col_q)])) <<< (lsb_exp_i - 5'd8);
    half = adc_shift_i == 5'd0 ? '0 : $signed(W'(1'b1)) <<< (adc_shift_i - 5'd1);
    if (bug_i == 4'd1 && adc_shift_i != 5'd0) half = half - 1;
    code_max = ($signed(W'(1'b1)) <<< adc_bits_i) - 1;
    column = '0;
    saturated = '0;
    analog = '0;
    unclamped = '0;
    code = '0;
    for (int unsigned p = 0; p < InBits; p++) begin
      analog = $signed(sum_q[p]) + (bug_i == 4'd2 ? '0 : adc_offset);
      unclamped = (analog + half) >>> adc_shift_i;
      code = unclamped < 0 ? '0 : (unclamped > code_max ? code_max : unclamped);
      if (!adc_transparent_i && code != unclamped) saturated = saturated + 8'd1;
      if (bug_i == 4'd2) code = code + (adc_offset >>> adc_shift_i);
      if (adc_transparent_i) code = $signed(sum_q[p]) + adc_offset;
      column = column + (64'(code) <<< (bug_i == 4'd8 && p == InBits - 1 ? p - 1 : p));
    end
    if (col_q[0]) column = column <<< 2;
    result = (col_q[1:0] == 2'd0 ? 64'sd0 : result_q) +
             (col_q[1] && bug_i != 4'd7 ? -column : column);
    if (bug_i == 4'd11 && col_q[1:0] == 2'd3) result = result ^ (carry_q & 64'sh3f);
  end

  assign sat_o = busy_q && convert_q ? (bug_i == 4'd9 ? saturated & 8'd7 : saturated) : 8'd0;
  assign product_o = busy_q && convert_q && last_col;

  // 13: a loop without a register, which no simulator can settle.
  logic [7:0] loop;
  assign loop = bug_i == 4'd13 ? ~loop : 8'd0;

  always_ff @(posedge clk_i) begin
    if (accept) begin
      busy_q <= 1'b1;
      convert_q <= 1'b0;
      {bank_q, rows_q, cols_q, left_q, in_q, out_q} <= job;
      stride_q <= job_stride_i;
      left_q <= job_count_i - 16'd1;
      row_q <= '0;
      col_q <= '0;
      first_q <= 1'b1;
      same_q <= job == last_job_q;
      last_job_q <= job;
    end else if (busy_q && !convert_q) begin
      for (int unsigned p = 0; p < InBits; p++) begin
        if (x[p]) sum_q[p] <= sum_q[p] + W'(cond) + W'(loop);
      end
      if (row_q == 16'd0 && first_q) x0_q <= x;
      row_q <= row_q + 16'd1;
      convert_q <= last_row && bug_i != 4'd12;   // 12: never done
    end else if (busy_q) begin
      for (int unsigned p = 0; p < InBits; p++) sum_q[p] <= '0;
      convert_q <= 1'b0;
      row_q <= '0;
      result_q <= result;
      col_q <= last_col ? 16'd0 : col_q + 16'd1;
      if (col_q[1:0] == 2'd3) begin
        outputs[32'(out_q)] <= result;
        carry_q <= result;   // 11: no reset, and used before it is written
        out_q <= out_q + 16'd1;
      end
      if (last_col) begin
        in_q <= in_q + stride_q;
        first_q <= 1'b0;
        left_q <= left_q - 16'd1;
        if (left_q == 16'd0) busy_q <= 1'b0;
      end
    end
    if (!rst_ni) begin
      busy_q <= 1'b0;
      convert_q <= 1'b0;
      same_q <= 1'b0;
      last_job_q <= '1;
      if (bug_i != 4'd10) begin
        for (int unsigned p = 0; p < InBits; p++) sum_q[p] <= '0;
      end
    end
  end

  // The windows: written at once, read two cycles later.
  logic        read_q;
  logic [3:0]  sel_q;
  logic [31:0] addr_q, data;
  logic [3:0]  be;

  assign be = bug_i == 4'd5 && mem_be_i != 4'hf ? mem_be_i | {mem_be_i[2:0], 1'b0} : mem_be_i;

  always_comb begin
    case (sel_q)
      4'd0: data = 32'(levels[addr_q]);
      4'd1: data = offsets[addr_q];
      4'd2: data = inputs[addr_q];
      4'd3: data = outputs[addr_q][31:0];
      4'd4: data = outputs[addr_q][63:32];
      4'd5: data = 32'($signed(adc_offsets[addr_q]));
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
      case (mem_sel_i)
        4'd0: levels[32'(mem_addr_i)] <= mem_wdata_i[LevelLane-1:0];
        4'd1: begin
          for (int unsigned lane = 0; lane < 4; lane++) begin
            if (be[lane]) offsets[32'(mem_addr_i)][8*lane+:8] <= mem_wdata_i[8*lane+:8];
          end
        end
        4'd2: inputs[32'(mem_addr_i)] <= mem_wdata_i;
        4'd5: adc_offsets[32'(mem_addr_i)] <= mem_wdata_i[15:0];
        default: ;
      endcase
    end
  end
endmodule
