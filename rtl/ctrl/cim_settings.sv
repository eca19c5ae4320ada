// The registers SCRATCH, INJECT, BASE and ADC, and which values they take.
module cim_settings (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        we_i,              // a legal write to some register
  input  logic [7:0]  addr_i,
  input  logic [31:0] wdata_i,
  output logic        legal_o,           // wdata_i may be written to addr_i; 1 for other registers
  output logic [31:0] scratch_o,
  output logic        inject_en_o,
  output logic [4:0]  lsb_exp_o,         // 8 .. 18
  output logic [7:0]  base_o,            // u0.8 level
  output logic        adc_transparent_o,
  output logic [4:0]  adc_shift_o,       // 0 .. 27
  output logic [3:0]  adc_bits_o         // 1 .. 12
);
  logic [31:0] scratch_q;
  logic inject_q, transparent_q;
  logic [4:0] exp_q, shift_q, new_exp, new_shift;
  logic [3:0] bits_q, new_bits;
  logic [7:0] base_q;

  assign scratch_o = scratch_q;
  assign inject_en_o = inject_q;
  assign lsb_exp_o = exp_q;
  assign base_o = base_q;
  assign adc_transparent_o = transparent_q;
  assign adc_shift_o = shift_q;
  assign adc_bits_o = bits_q;

  assign new_exp = wdata_i[cim_spec_pkg::InjectLsbExpLsb+:cim_spec_pkg::InjectLsbExpWidth];
  assign new_shift = wdata_i[cim_spec_pkg::AdcShiftLsb+:cim_spec_pkg::AdcShiftWidth];
  assign new_bits = wdata_i[cim_spec_pkg::AdcBitsLsb+:cim_spec_pkg::AdcBitsWidth];

  always_comb begin
    legal_o = 1'b1;
    unique case (addr_i)
      cim_spec_pkg::RegInject: begin
        legal_o = (wdata_i & ~cim_spec_pkg::InjectBits) == '0 &&
            new_exp >= 5'(cim_spec_pkg::InjectLsbExpMin) && new_exp <= 5'(cim_spec_pkg::InjectLsbExpMax);
      end
      cim_spec_pkg::RegBase: legal_o = (wdata_i & ~cim_spec_pkg::BaseBits) == '0;
      cim_spec_pkg::RegAdc: begin
        legal_o = (wdata_i & ~cim_spec_pkg::AdcBits) == '0 &&
            new_shift <= 5'(cim_spec_pkg::AdcShiftMax) &&
            new_bits >= 4'(cim_spec_pkg::AdcBitsMin) && new_bits <= 4'(cim_spec_pkg::AdcBitsMax);
      end
      default: ;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      scratch_q <= cim_spec_pkg::ScratchReset;
      inject_q <= cim_spec_pkg::InjectReset[cim_spec_pkg::InjectEnableLsb];
      exp_q <= cim_spec_pkg::InjectReset[cim_spec_pkg::InjectLsbExpLsb+:5];
      base_q <= cim_spec_pkg::BaseReset[cim_spec_pkg::BaseBaseLsb+:8];
      shift_q <= cim_spec_pkg::AdcReset[cim_spec_pkg::AdcShiftLsb+:5];
      bits_q <= cim_spec_pkg::AdcReset[cim_spec_pkg::AdcBitsLsb+:4];
      transparent_q <= cim_spec_pkg::AdcReset[cim_spec_pkg::AdcTransparentLsb];
    end else if (we_i) begin
      unique case (addr_i)
        cim_spec_pkg::RegScratch: scratch_q <= wdata_i;
        cim_spec_pkg::RegInject: begin
          inject_q <= wdata_i[cim_spec_pkg::InjectEnableLsb];
          exp_q <= new_exp;
        end
        cim_spec_pkg::RegBase: base_q <= wdata_i[7:0];
        cim_spec_pkg::RegAdc: begin
          shift_q <= new_shift;
          bits_q <= new_bits;
          transparent_q <= wdata_i[cim_spec_pkg::AdcTransparentLsb];
        end
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && we_i) OnlyLegalValues_A : assert (legal_o);
  end
endmodule
