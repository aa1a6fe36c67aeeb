import { t } from '../lib/strings/en';

export type Urgency = 'calm' | 'soon' | 'last' | 'over';

export interface TimeLeft {
  seconds: number;
  urgency: Urgency;
  text: string;
}

/** How long the worker still has. Minutes while there is plenty, seconds only when they matter. */
export function timeLeft(deadline: string, now: number): TimeLeft {
  const seconds = Math.max(0, Math.floor((Date.parse(deadline) - now) / 1000));
  const urgency = seconds === 0 ? 'over' : seconds <= 60 ? 'last' : seconds <= 180 ? 'soon' : 'calm';
  const rest = String(seconds % 60).padStart(2, '0');
  const text = seconds > 180 ? t.task.minutesLeft(Math.floor(seconds / 60)) : `${Math.floor(seconds / 60)}:${rest}`;
  return { seconds, urgency, text };
}
