/** How the line of a policy is drawn: colour and dashes both tell it from the others. */
export interface LineStyle {
  colour: 'blue' | 'plum' | 'bronze' | 'good' | 'soft';
  dashes: string;
  strong: boolean;
}

const styles: Record<string, LineStyle> = {
  auto: { colour: 'blue', dashes: '', strong: true },
  adaptive: { colour: 'plum', dashes: '', strong: false },
  confidence: { colour: 'bronze', dashes: '8 4', strong: false },
  'fixed-dawid-skene': { colour: 'good', dashes: '4 4', strong: false },
};

export const styleOf = (policy: string): LineStyle =>
  styles[policy] ?? { colour: 'soft', dashes: '2 3', strong: false };
