// UART receiver, 8N1: samples in the middle of each bit.
module cim_uart_rx #(
  parameter int unsigned ClksPerBit = 8  // clock cycles a bit, 4 .. 65535
) (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       rx_i,            // asynchronous
  output logic       valid_o,         // one cycle
  output logic [7:0] data_o,
  output logic       frame_error_o,   // one cycle: the stop bit was low, the byte is dropped
  output logic       idle_o
);
  localparam int unsigned CountW = $clog2(ClksPerBit);
  if (ClksPerBit < 4 || ClksPerBit > 65535) begin : gen_illegal
    $fatal(1, "cim_uart_rx: ClksPerBit must be 4 .. 65535.");
  end

  typedef enum logic [1:0] {Idle, Start, Data, Stop} state_e;
  state_e state_q;
  logic [1:0] sync_q;
  logic [CountW-1:0] count_q;
  logic [2:0] bit_q;
  logic [7:0] shift_q;
  logic line, tick, valid_q, error_q;

  assign line = sync_q[1];
  assign tick = count_q == '0;
  assign valid_o = valid_q;
  assign data_o = shift_q;
  assign frame_error_o = error_q;
  assign idle_o = state_q == Idle && sync_q == 2'b11 && rx_i && !valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) sync_q <= 2'b11;
    else if (sync_q != {2{rx_i}}) sync_q <= {sync_q[0], rx_i};
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      valid_q <= 1'b0;
      error_q <= 1'b0;
      count_q <= '0;
      bit_q <= '0;
    end else if (state_q == Idle) begin
      valid_q <= 1'b0;
      error_q <= 1'b0;
      count_q <= CountW'(ClksPerBit / 2 - 1);
      if (!line) state_q <= Start;
    end else if (!tick) begin
      count_q <= count_q - 1'b1;
    end else begin
      count_q <= CountW'(ClksPerBit - 1);
      unique case (state_q)
        Start: begin
          bit_q <= '0;
          state_q <= line ? Idle : Data;
        end
        Data: begin
          bit_q <= bit_q + 1'b1;
          if (bit_q == 3'd7) state_q <= Stop;
        end
        default: begin  // a low stop bit: wait here until the line is high again
          valid_q <= line && !error_q;
          error_q <= !line;
          count_q <= '0;
          if (line) state_q <= Idle;
        end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Data && tick) shift_q <= {line, shift_q[7:1]};
  end
endmodule
