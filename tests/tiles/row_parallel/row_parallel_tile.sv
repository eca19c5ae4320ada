// A tile that sums all rows at once: an adder tree a column, one bit plane a cycle, all columns side by side.
//
//   inputs --> x of all rows --+
//                              v
//   cells of the bank --> conductances --> adder tree --> ADC --> sum over planes --> four columns --> outputs
//                        (row_parallel_column, one a physical column)
module row_parallel_tile #(
  parameter int unsigned Rows = 16,       // a multiple of 4
  parameter int unsigned Cols = 8,        // a power of two, 4 or more
  parameter int unsigned Banks = 2,
  parameter int unsigned InBits = 8,
  parameter int unsigned InWords = 64,
  parameter int unsigned OutWords = 64
) (
  input  logic        clk_i,
  input  logic        rst_ni,

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
  localparam int unsigned W = 34;                                  // code of a column, signed
  localparam int unsigned LevelWords = Cols > 16 ? Cols / 16 : 1;  // of a row
  localparam int unsigned LevelLane = Cols > 16 ? 32 : 2 * Cols;
  localparam int unsigned Outputs = Cols / 4;
  localparam int unsigned XWords = Rows / 4;

  // A bank's cells in one entry, so that all rows are read at once.
  logic [Rows*Cols*2-1:0] levels [Banks];
  logic [Rows*Cols*8-1:0] offsets [Banks];
  logic [31:0]            inputs [InWords];
  logic [63:0]            outputs [OutWords];
  logic [Cols*16-1:0]     adc_offsets;

  // Idle; fetch the inputs of a vector; one bit plane a cycle; write the results.
  localparam logic [1:0] Idle = 2'd0, Fetch = 2'd1, Planes = 2'd2, Write = 2'd3;

  logic [1:0]         state_q;
  logic [15:0]        bank_q, rows_q, cols_q, left_q, in_q, stride_q, out_q, step_q;
  logic [Rows*8-1:0]  x_q;
  logic [Cols*64-1:0] sums_q;   // s64.0 a column
  logic               last_write;

  assign busy_o = state_q != Idle;
  assign job_ready_o = state_q == Idle;
  assign last_write = state_q == Write && step_q + 16'd1 == cols_q >> 2;
  assign product_o = last_write;

  // Every column in parallel.
  logic [Rows-1:0]   plane;
  logic [Cols*W-1:0] code;
  logic [Cols-1:0]   saturated;

  always_comb begin
    for (int unsigned r = 0; r < Rows; r++) plane[r] = 16'(r) < rows_q && x_q[8*r+32'(step_q[2:0])];
  end

  for (genvar c = 0; c < Cols; c++) begin : gen_column
    logic [Rows*2-1:0] level;
    logic [Rows*8-1:0] offset;

    always_comb begin
      for (int unsigned r = 0; r < Rows; r++) begin
        level[2*r+:2] = levels[32'(bank_q)][2*(r*Cols+c)+:2];
        offset[8*r+:8] = offsets[32'(bank_q)][8*(r*Cols+c)+:8];
      end
    end

    row_parallel_column #(
      .Rows(Rows), .W(W)
    ) u_column (
      .inject_en_i, .lsb_exp_i, .base_i, .adc_transparent_i, .adc_shift_i, .adc_bits_i,
      .x_i(plane), .level_i(level), .offset_i(offset), .adc_offset_i(adc_offsets[16*c+:16]),
      .code_o(code[W*c+:W]), .saturated_o(saturated[c])
    );
  end

  always_comb begin
    sat_o = '0;
    for (int unsigned c = 0; c < Cols; c++) begin
      if (state_q == Planes && 16'(c) < cols_q) sat_o = sat_o + 8'(saturated[c]);
    end
  end

  // Four columns: two slices, positive then negative.
  function [63:0] result(input [255:0] sums);
    result = sums[63:0] + (sums[127:64] << 2) - sums[191:128] - (sums[255:192] << 2);
  endfunction

  always_ff @(posedge clk_i) begin
    step_q <= step_q + 16'd1;
    case (state_q)
      Idle: begin
        step_q <= '0;
        if (job_valid_i) begin
          state_q <= Fetch;
          bank_q <= job_bank_i;
          rows_q <= job_rows_i;
          cols_q <= job_cols_i;
          left_q <= job_count_i - 16'd1;
          in_q <= job_in_i;
          stride_q <= job_stride_i;
          out_q <= job_out_i;
        end
      end
      Fetch: begin
        x_q[32*32'(step_q)+:32] <= inputs[32'(in_q)+32'(step_q)];
        sums_q <= '0;
        if (step_q == 16'(XWords - 1) || 4 * (step_q + 16'd1) >= rows_q) begin
          state_q <= Planes;
          step_q <= '0;
        end
      end
      Planes: begin
        for (int unsigned c = 0; c < Cols; c++) begin
          sums_q[64*c+:64] <= sums_q[64*c+:64] + (64'($signed(code[W*c+:W])) << step_q[2:0]);
        end
        if (step_q == 16'(InBits - 1)) begin
          state_q <= Write;
          step_q <= '0;
        end
      end
      default: begin
        outputs[32'(out_q)] <= result(sums_q[256*(32'(step_q)%Outputs)+:256]);
        out_q <= out_q + 16'd1;
        if (last_write) begin
          state_q <= left_q == 16'd0 ? Idle : Fetch;
          left_q <= left_q - 16'd1;
          in_q <= in_q + stride_q;
          step_q <= '0;
        end
      end
    endcase
    if (!rst_ni) state_q <= Idle;
  end

  // The windows: written at once, read two cycles later.
  logic        read_q;
  logic [3:0]  sel_q;
  logic [31:0] write, addr_q, data;   // word addresses, and what is read

  localparam int unsigned LevelBank = Rows * LevelWords;   // words of a bank
  localparam int unsigned OffsetBank = Rows * Cols / 4;

  assign write = 32'(mem_addr_i);

  always_comb begin
    case (sel_q)
      4'd0: data = 32'(levels[addr_q/LevelBank][LevelLane*(addr_q%LevelBank)+:LevelLane]);
      4'd1: data = offsets[addr_q/OffsetBank][32*(addr_q%OffsetBank)+:32];
      4'd2: data = inputs[addr_q];
      4'd3: data = outputs[addr_q][31:0];
      4'd4: data = outputs[addr_q][63:32];
      4'd5: data = 32'($signed(adc_offsets[16*(addr_q%Cols)+:16]));
      default: data = '0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    read_q <= rst_ni && mem_req_i;
    mem_rvalid_o <= rst_ni && read_q;
    if (mem_req_i) begin
      sel_q <= mem_sel_i;
      addr_q <= write;
    end
    if (read_q) mem_rdata_o <= data;
    if (mem_req_i && mem_we_i) begin
      case (mem_sel_i)
        4'd0: levels[write/LevelBank][LevelLane*(write%LevelBank)+:LevelLane] <= mem_wdata_i[LevelLane-1:0];
        4'd1: begin
          for (int unsigned lane = 0; lane < 4; lane++) begin
            if (mem_be_i[lane]) begin
              offsets[write/OffsetBank][32*(write%OffsetBank)+8*lane+:8] <= mem_wdata_i[8*lane+:8];
            end
          end
        end
        4'd2: inputs[write] <= mem_wdata_i;
        4'd5: adc_offsets[16*(write%Cols)+:16] <= mem_wdata_i[15:0];
        default: ;
      endcase
    end
  end
endmodule
