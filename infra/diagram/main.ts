// Writes the architecture's pictures: node --import tsx diagram/main.ts
import { writeFile } from 'node:fs/promises';
import { PICTURES } from './pictures.ts';

for (const { file, render } of PICTURES) {
  await writeFile(file, render());
  console.log(file);
}
