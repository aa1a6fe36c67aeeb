import { describe, expect, it } from 'vitest';
import { sayValue } from '../src/lib/values';
import { drawingOf, maskOf, piecesOf, subjectOf } from '../src/requester/answer/read';

describe('answers of task pages', () => {
  it('cuts a text by characters, not by UTF-16 units', () => {
    const spans = {
      entities: [
        { label: 'A', startOffset: 1, endOffset: 3 },
        { label: 'B', startOffset: 2, endOffset: 4 },
      ],
    };
    expect(piecesOf('😀abc', spans)).toEqual([
      { text: '😀', labels: [] },
      { text: 'a', labels: ['A'] },
      { text: 'b', labels: ['A', 'B'] },
      { text: 'c', labels: ['B'] },
    ]);
    expect(piecesOf('ab', { entities: [] })).toEqual([{ text: 'ab', labels: [] }]);
  });

  it('reads shapes as corners in pixels', () => {
    const answer = {
      inputImageProperties: { width: 20, height: 10 },
      boundingBoxes: [{ label: 'cat', left: 1, top: 2, width: 3, height: 4 }],
    };
    const { width, height, shapes } = drawingOf('boxes', answer);
    expect([width, height]).toEqual([20, 10]);
    expect(shapes).toEqual([{ label: 'cat', closed: true, corners: [[1, 2], [4, 2], [4, 6], [1, 6]] }]); // prettier-ignore
    expect(drawingOf('lines', { lines: [{ label: 'x', vertices: [{ x: 1, y: 1 }] }] }).shapes[0]?.corners).toEqual([
      [1, 1],
    ]);
    expect(drawingOf('polygons', null).shapes).toEqual([]);
    expect(maskOf({ labelMappings: { sky: { color: '#1f77b4' } }, labeledImage: { pngImageData: 'AA' } })).toEqual({
      picture: 'data:image/png;base64,AA',
      colours: [['sky', '#1f77b4']],
    });
  });

  it('finds what an answer is about', () => {
    const inputs = { text: { type: 'text' }, photo: { type: 'image' }, second: { type: 'image' } } as const;
    const input = { text: 'a', photo: '/p', second: '/s' };
    expect(subjectOf({ type: 'boxes', label: '' }, inputs, input)).toBe('/p');
    expect(subjectOf({ type: 'boxes', label: '', on: 'second' }, inputs, input)).toBe('/s');
    expect(subjectOf({ type: 'spans', label: '' }, inputs, input)).toBe('a');
    expect(subjectOf({ type: 'video_boxes', label: '' }, inputs, input)).toBe(null);
  });

  it('says what elements submitted for the questions of the form', () => {
    const field = { type: 'choice', label: 'Mood', options: [{ value: 'good', label: 'Good!' }] } as const;
    const choice = { ...field, options: [...field.options] };
    expect(sayValue(choice, { label: 'good' })).toBe('Good!');
    expect(sayValue(choice, { good: true, bad: false })).toBe('Good!');
    expect(sayValue(choice, { labels: ['good', 'x'] })).toBe('Good!, x');
    expect(sayValue(choice, { a: 1 })).toBe('{"a":1}');
  });
});
