// Tests the tile from inside: March C- over the cell memories, a ramp over the ADC of every column
// (docs/numerics.md, "Self-test"). Master of the memory windows and of the converters while busy.
module cim_self_test #(
  parameter int unsigned Cells = 64,   // rows of all banks
  parameter int unsigned Cols = 4,
  parameter int unsigned CodeBits = 32,
  localparam int unsigned ColW = $clog2(Cols)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic [1:0]          start_i,       // march, ramp; only while not busy
  output logic                busy_o,
  output logic [7:0]          result_o,      // {memory, 0, ramp done, march failed, march done}
  output logic [23:0]         word_o,        // first wrong word
  output logic [31:0]         ramp_o,        // {codes that differ, largest difference}
  // Windows.
  output logic                req_o,
  output logic                we_o,
  output logic [3:0]          sel_o,
  output logic [23:0]         waddr_o,
  output logic [31:0]         wdata_o,
  input  logic                rvalid_i,
  input  logic [31:0]         rdata_i,
  // Converters: tables, then gain, INL and ADC of one value.
  input  logic [4:0]          shift_i,
  input  logic [11:0]         code_max_i,
  output logic                ramp_busy_o,
  output logic                table_re_o,
  output logic [ColW-1:0]     col_o,
  output logic                gain_en_o,
  output logic                inl_en_o,
  output logic                adc_en_o,
  output logic [31:0]         value_o,       // LSB
  input  logic [CodeBits-1:0] code_i         // the cycle after adc_en_o
);
  localparam int unsigned Group = Cols < 16 ? Cols : 16;
  localparam logic [31:0] LevelWords = Cells * (Cols / Group);
  localparam logic [31:0] OffsetWords = Cells * (Cols / 4);

  localparam logic [1:0] Idle = 2'd0;
  localparam logic [1:0] March = 2'd1;
  localparam logic [1:0] Ramp = 2'd2;

  logic [1:0] state_q;
  logic ramp_too_q;

  // March: element by element, word by word, read before write.
  logic [1:0] memory_q;    // 0 levels, 1 offsets, 2 stuck cells
  logic [2:0] element_q;   // 0 .. 5
  logic [23:0] word_q;
  logic write_q, waiting_q, failed_q, march_done_q;
  logic [31:0] words, ones;
  logic reads, writes, read_ones, write_ones, down, last_word, wrong;

  always_comb begin
    words = '0;
    ones = '0;
    {reads, writes, read_ones, write_ones, down, last_word, wrong} = '0;
    if (state_q == March) begin
      words = memory_q == 2'd1 ? OffsetWords : LevelWords;
      ones = memory_q == 2'd1 ? '1 : (memory_q == 2'd0 ? 32'hFFFF_FFFF : 32'h5555_5555) >> (32 - 2 * Group);
      reads = element_q != 3'd0;
      writes = element_q != 3'd5;
      read_ones = element_q == 3'd2 || element_q == 3'd4;
      write_ones = element_q == 3'd1 || element_q == 3'd3;
      down = element_q == 3'd3 || element_q == 3'd4;
      last_word = down ? word_q == '0 : 32'(word_q) == words - 32'd1;
      wrong = !write_q && rdata_i != (read_ones ? ones : '0);
    end
  end

  assign req_o = state_q == March && !waiting_q;
  assign we_o = write_q;
  assign sel_o = memory_q == 2'd0 ? cim_tile_pkg::SelLevel : memory_q == 2'd1 ? cim_tile_pkg::SelOffset
      : cim_tile_pkg::SelStuck;
  assign waddr_o = word_q;
  assign wdata_o = write_ones ? ones : '0;

  // Ramp: four cycles a value, so that its code is known before the next one.
  logic [ColW-1:0] col_q;
  logic [11:0] k_q, k_last;      // up to 2^29 LSB: beyond, no sum and nothing that the errors add fits 32 bits
  logic [2:0] phase_q;
  logic [15:0] worst_q, differing_q, difference;
  logic ramp_done_q;

  always_comb begin
    ramp_busy_o = state_q == Ramp;
    {k_last, table_re_o, gain_en_o, inl_en_o, adc_en_o, value_o, difference} = '0;
    if (ramp_busy_o) begin
      k_last = code_max_i & 12'((32'd1 << (5'd29 - shift_i)) - 32'd1);
      table_re_o = phase_q == 3'd0;
      gain_en_o = phase_q == 3'd1;
      inl_en_o = phase_q == 3'd2;
      adc_en_o = phase_q == 3'd3;
      value_o = 32'(k_q) << shift_i;
      difference = code_i[11:0] > k_q ? {4'd0, code_i[11:0] - k_q} : {4'd0, k_q - code_i[11:0]};
    end
  end
  assign col_o = col_q;

  assign busy_o = state_q != Idle;
  assign result_o = {memory_q == 2'd2 && failed_q ? 4'd10 : failed_q ? {2'd0, memory_q} : 4'd0, 1'b0, ramp_done_q, failed_q,
                     march_done_q};
  assign word_o = failed_q ? word_q : '0;
  assign ramp_o = {differing_q, worst_q};

  logic [CodeBits-1:12] unused;
  assign unused = code_i[CodeBits-1:12];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      ramp_too_q <= 1'b0;
      waiting_q <= 1'b0;
      failed_q <= 1'b0;
      march_done_q <= 1'b0;
      ramp_done_q <= 1'b0;
      memory_q <= '0;
      element_q <= '0;
      word_q <= '0;
      write_q <= 1'b0;
      col_q <= '0;
      k_q <= '0;
      phase_q <= '0;
      worst_q <= '0;
      differing_q <= '0;
    end else begin
      case (state_q)
        Idle: if (start_i != '0) begin
          ramp_too_q <= start_i[1];
          if (start_i[0]) begin
            state_q <= March;
            march_done_q <= 1'b0;
            failed_q <= 1'b0;
            memory_q <= '0;
            element_q <= '0;
            word_q <= '0;
            write_q <= 1'b1;
          end else if (start_i[1]) begin
            state_q <= Ramp;
          end
          if (start_i[1]) begin
            ramp_done_q <= 1'b0;
            worst_q <= '0;
            differing_q <= '0;
          end
        end
        March: begin
          if (req_o) waiting_q <= 1'b1;
          if (rvalid_i) begin
            waiting_q <= 1'b0;
            if (wrong) begin
              failed_q <= 1'b1;
              march_done_q <= 1'b1;
              state_q <= ramp_too_q ? Ramp : Idle;
            end else if (!write_q && writes) begin
              write_q <= 1'b1;
            end else if (!last_word) begin
              word_q <= down ? word_q - 24'd1 : word_q + 24'd1;
              write_q <= !reads;
            end else begin
              // The next element, or the next memory, or the end.
              write_q <= 1'b0;
              element_q <= element_q + 3'd1;
              word_q <= element_q == 3'd2 || element_q == 3'd3 ? 24'(words - 32'd1) : '0;
              if (element_q == 3'd5) begin
                element_q <= '0;
                write_q <= 1'b1;
                memory_q <= memory_q + 2'd1;
                if (memory_q == 2'd2) begin
                  memory_q <= '0;
                  march_done_q <= 1'b1;
                  state_q <= ramp_too_q ? Ramp : Idle;
                end
              end
            end
          end
        end
        Ramp: begin
          phase_q <= phase_q + 3'd1;
          if (phase_q == 3'd4) begin
            phase_q <= '0;
            if (difference > worst_q) worst_q <= difference;
            if (difference != '0 && differing_q != '1) differing_q <= differing_q + 16'd1;
            k_q <= k_q + 12'd1;
            if (k_q == k_last) begin
              k_q <= '0;
              col_q <= col_q + ColW'(1'b1);
              if (col_q == '1) begin
                ramp_done_q <= 1'b1;
                state_q <= Idle;
              end
            end
          end
        end
        default: state_q <= Idle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && start_i != '0) StartWhileIdle_A : assert (!busy_o);
  end
endmodule
