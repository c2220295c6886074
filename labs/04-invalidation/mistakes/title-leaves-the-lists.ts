import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Searches look at the sentence, so only a new sentence concerns them.',
  caughtBy: 'lists',
  named: 'lists-forgotten',
  says: ['revise(7, { Title }) resolved', "search('delaying mandatory mask wearing', 10)"],
  change: [
    [
      'return await write([articleTag(id), listsTag], async',
      'return await write(changes.Sentence ? [articleTag(id), listsTag] : [articleTag(id)], async',
    ],
  ],
});
