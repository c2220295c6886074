import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'With one hash tag around everything, no command is ever refused.',
  caughtBy: 'every-node',
  named: 'one-slot',
  says: ['the primaries hold'],
  change: [
    [`\`articles:{\${tag}}:generation\``, `\`{articles}:\${tag}:generation\``],
    [`\`articles:{\${articleTag(id)}}:id\``, `\`{articles}:\${id}:id\``],
    [`\`articles:{\${articleTag(id)}}:readers\``, `\`{articles}:\${id}:readers\``],
    [`\`articles:search:\${limit}:\${term}\``, `\`{articles}:search:\${limit}:\${term}\``],
  ],
});
