import { compile } from './template.ts';
import { slots } from './study.ts';

/** Sentences that name the place, still without their end: what the `Sentence` column holds and the demo searches. */
export const sentences = compile(
  [
    'Between {period}, we enrolled {cohort} at {site} in {place}, of whom {percent} tested positive for {agent}',
    'In {place}, the incidence of {illness} fell by {percent} within {several} weeks of {measure}, although {caveat}',
    '{Design} conducted in {place} found that {factor} was associated with {outcome}, with an adjusted odds ratio of {odds}',
    'Of the {size} isolates of {agent} sequenced in {city}, {some} clustered with strains previously reported from {elsewhere}',
    'Sera collected from {people} in {place} showed antibodies against {agent} in {percent} of samples',
    'The first confirmed case in {place} was a {age}-year-old who had returned from {elsewhere} {several} days before the onset of {symptom}',
    'Using {model}, we estimated an effective reproduction number of {reproduction} for {city} in the weeks before {measure}',
    'Patients in {city} reported {symptom} more often than those in {elsewhere}, and {caveat}',
    'At {site} in {place}, {factor} made {outcome} {times} as likely among {people}',
    '{Sample} from {cohort} were tested for {agent} at {site} in {place} during {month} {year}',
    'Although {measure} was introduced earlier in {place} than in {elsewhere}, both cities recorded their peak of {illness} in the same week',
    'When {measure} ended in {place}, {some} new cases of {illness} were notified within {several} weeks',
    'Interviews with {people} in {city} suggest that fear of {illness} delayed the search for care by {several} days on average',
    'In contrast to the outbreak in {elsewhere}, transmission of {agent} in {place} was driven by {people}',
    'We obtained daily counts of {illness} for {place} from public records and compared them with the output of {model}',
    'The attack rate among {people} in {place} reached {percent}, the highest reported for {agent} in {year}',
    'No evidence of sustained transmission of {agent} was found in {place}, where {percent} of {people} had been tested by {month} {year}',
    'Wastewater sampled {several} times a week in {city} carried genetic material of {agent} up to {several} days before the first notification',
    'Health authorities in {place} traced {some} contacts, of whom {percent} developed {symptom} during follow-up',
    'For {city}, delaying {measure} by {several} days would have raised the number of deaths from {illness} by {percent}',
  ],
  slots,
);

/** How a sentence of the body text may end. */
export const endings = compile(
  [
    '.',
    ' (Table 2).',
    ' (Figure 3 and Supplementary Table S1).',
    ', in line with earlier reports from {country}.',
    ', as had been described for {illness} in {elsewhere}.',
    ', as shown by week and by district in the supplementary material.',
    '; the counts by day are available from the authors on request.',
  ],
  slots,
);

export const titles = compile(
  [
    'Transmission of {agent} among {people} in {place}: {design}',
    '{Factor} and {outcome} in {illness}: {design} from {place}',
    '{Measure} and the course of {illness} in {place}, {year}',
    'Seroprevalence of {agent} in {people}, {place}, {month} {year}',
    'Clinical features of {illness} in {cohort} in {city}',
    'Estimating the burden of {illness} in {place} with {model}',
    'What {people} in {city} know about {illness}: {design}',
    'Genomic epidemiology of {agent} in {place} and {elsewhere}',
    'Predictors of {outcome} in {people} with {illness} in {place}',
    'Surveillance of {agent} at {site} in {place}',
  ],
  slots,
);

export const openings = compile(
  [
    'Background: {Factor} is suspected to worsen the course of {illness}, but data from {country} are scarce.',
    'Background: Little is known about the spread of {agent} among {people}.',
    'Background: After {measure}, cases of {illness} in {city} fell more slowly than expected.',
    'Background: {Sample} are the mainstay of diagnosis of {illness}, yet their yield in {people} is debated.',
    'Background: The burden of {illness} in {country} has been described mostly for large hospitals.',
  ],
  slots,
);

export const questions = compile(
  [
    'We asked whether {measure} changed the risk of {outcome} among {people}, and how much of the effect {factor} accounts for.',
    'We set out to describe how {agent} reached {city}, who fell ill with {symptom} first, and what {measure} achieved.',
    'The aim of this study was to compare {place} with {elsewhere}, where {measure} had begun {several} weeks earlier.',
  ],
  slots,
);

export const methods = compile(
  [
    'Methods: {Design} was carried out at {site} in {place} between {period}.',
    'Methods: We followed {cohort} in {place} and tested {sample} every {several} days.',
    'Methods: We analysed records of {cohort} seen at {site} in {city} and fitted {model}.',
    'Methods: Structured interviews and {sample} were obtained from {cohort} in {place}.',
  ],
  slots,
);

export const results = compile(
  [
    'Results: Overall, {percent} were positive for {agent}; {symptom} was the commonest complaint.',
    'Results: {Factor} raised the odds of {outcome}, with an odds ratio of {odds}.',
    'Results: The reproduction number was {reproduction} before {measure} and fell by {percent} afterwards.',
    'Results: Among those infected, {percent} reported {symptom} and the rest had no symptoms at all.',
    'Results: The median time from {symptom} to admission was {several} days; {outcome} was seen in {percent}.',
  ],
  slots,
);

export const furtherResults = compile(
  [
    'Findings were similar in a subgroup of {some} participants, although {caveat}.',
    'Compared with {elsewhere}, the proportion with {symptom} was higher by {percent}.',
    'In sensitivity analyses the estimate was {odds}; {caveat}.',
    'Agreement between laboratories was high, at {most}.',
  ],
  slots,
);

export const conclusions = compile(
  [
    'Conclusions: In {city}, {factor} should prompt closer monitoring, and {lesson}.',
    'Conclusions: These results from {country} suggest that {lesson}.',
    'Conclusions: {Measure} alone does not explain the decline of {illness}; {lesson}.',
    'Interpretation: Our findings support the view that {lesson}.',
  ],
  slots,
);
