/**
 * The words of the generated studies. Diseases, study designs and methods are real ones. Journals are made up, so that no
 * invented paper is pinned on a real journal. No word here may contain "delta" (see delta.ts); a test holds them to it.
 */

export interface Topic {
  agent: string;
  illness: string;
  symptoms: readonly string[];
  sample: string;
  /** The first and last year such studies appear in. */
  years: readonly [number, number];
}

const breathing = ['fever', 'dry cough', 'shortness of breath', 'sore throat', 'fatigue'];
const gut = ['watery diarrhoea', 'vomiting', 'abdominal cramps', 'dehydration'];
const fevers = ['fever', 'headache', 'joint pain', 'a maculopapular rash', 'muscle pain'];

export const covid: Topic = {
  agent: 'SARS-CoV-2',
  illness: 'COVID-19',
  symptoms: [...breathing, 'loss of smell', 'loss of taste'],
  sample: 'nasopharyngeal swabs',
  years: [2020, 2023],
};

const others: readonly Topic[] = [
  {
    agent: 'MERS-CoV',
    illness: 'Middle East respiratory syndrome',
    symptoms: breathing,
    sample: 'tracheal aspirates',
    years: [2013, 2020],
  },
  {
    agent: 'influenza A(H1N1)pdm09',
    illness: 'pandemic influenza',
    symptoms: breathing,
    sample: 'throat swabs',
    years: [2010, 2019],
  },
  {
    agent: 'avian influenza A(H5N1)',
    illness: 'avian influenza',
    symptoms: breathing,
    sample: 'cloacal swabs',
    years: [2006, 2023],
  },
  {
    agent: 'respiratory syncytial virus',
    illness: 'bronchiolitis',
    symptoms: breathing,
    sample: 'nasal aspirates',
    years: [2005, 2023],
  },
  {
    agent: 'Mycobacterium tuberculosis',
    illness: 'pulmonary tuberculosis',
    symptoms: ['night sweats', 'weight loss', 'a productive cough', 'fever'],
    sample: 'sputum samples',
    years: [2004, 2023],
  },
  {
    agent: 'dengue virus',
    illness: 'dengue',
    symptoms: fevers,
    sample: 'serum samples',
    years: [2005, 2023],
  },
  {
    agent: 'Zika virus',
    illness: 'Zika virus disease',
    symptoms: fevers,
    sample: 'urine samples',
    years: [2016, 2019],
  },
  {
    agent: 'chikungunya virus',
    illness: 'chikungunya',
    symptoms: fevers,
    sample: 'plasma samples',
    years: [2008, 2023],
  },
  {
    agent: 'measles virus',
    illness: 'measles',
    symptoms: fevers,
    sample: 'dried blood spots',
    years: [2004, 2022],
  },
  {
    agent: 'norovirus',
    illness: 'acute gastroenteritis',
    symptoms: gut,
    sample: 'stool samples',
    years: [2004, 2022],
  },
  {
    agent: 'Vibrio cholerae O1',
    illness: 'cholera',
    symptoms: gut,
    sample: 'rectal swabs',
    years: [2004, 2023],
  },
];

/** Three studies in five are about COVID-19, as in the collection the demo's data was drawn from. */
export const topics: readonly Topic[] = [...Array.from({ length: 18 }, () => covid), ...others];

export const people = [
  'hospitalised adults',
  'health-care workers',
  'pregnant women',
  'children under five',
  'blood donors',
  'residents of long-term care homes',
  'patients on dialysis',
  'close contacts of confirmed cases',
  'secondary-school pupils',
  'market traders',
  'migrant workers',
  'patients in intensive care',
  'older people living at home',
  'household members of index cases',
  'long-haul travellers',
  'people living with HIV',
] as const;

export const sites = [
  'a tertiary referral hospital',
  'two district hospitals',
  'a community health centre',
  'the regional blood bank',
  'a university teaching hospital',
  'four sentinel clinics',
  'the national reference laboratory',
  'eleven primary-care practices',
  'a hospital for women and children',
  'a designated isolation facility',
] as const;

export const designs = [
  'retrospective cohort study',
  'matched case-control study',
  'cross-sectional serosurvey',
  'prospective household study',
  'time-series analysis',
  'cluster-randomised trial',
  'test-negative design study',
  'register-based study',
  'multicentre observational study',
  'mixed-methods evaluation',
] as const;

export const factors = [
  'older age',
  'diabetes',
  'delayed admission',
  'household crowding',
  'obesity',
  'shared dormitory housing',
  'a high neutrophil-to-lymphocyte ratio',
  'vitamin D deficiency',
  'night-shift work',
  'chronic kidney disease',
  'incomplete vaccination',
  'poor indoor ventilation',
  'current smoking',
  'a raised C-reactive protein level',
] as const;

export const outcomes = [
  'death in hospital',
  'admission to intensive care',
  'prolonged shedding of the pathogen',
  'secondary infection in the household',
  'the need for mechanical ventilation',
  'symptoms that lasted beyond twelve weeks',
  'readmission within thirty days',
  'acute kidney injury',
  'loss to follow-up',
  'a longer stay in hospital',
] as const;

export const measures = [
  'the closure of schools',
  'mandatory mask wearing',
  'the suspension of public transport',
  'the stay-at-home order',
  'exit screening at the airport',
  'the mass vaccination campaign',
  'daily contact tracing',
  'the ban on large gatherings',
  'the distribution of hygiene kits',
  'the reorganisation of triage',
] as const;

export const models = [
  'a susceptible-exposed-infectious-removed model',
  'a branching-process model',
  'a Bayesian hierarchical model',
  'an agent-based simulation',
  'a renewal-equation model',
  'a metapopulation model',
  'a spatial gravity model',
] as const;

export const caveats = [
  'the number of tests fell over the same weeks',
  'mild cases were probably missed',
  'the confidence intervals overlapped',
  'neighbouring districts saw no such change',
  'reporting delays cannot be ruled out',
  'adherence was not measured directly',
  'the effect was weaker in the second wave',
] as const;

export const lessons = [
  'early detection matters more than the size of the response',
  'serological surveillance should complement case reporting',
  'targeted measures can replace blanket restrictions',
  'local data are needed before policies are copied from elsewhere',
  'routine sequencing is feasible in settings with few resources',
  'primary care has to be part of preparedness plans',
  'protection of carers protects the people they care for',
  'communication in local languages improves uptake',
] as const;

export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const numerals = [
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
] as const;

export const surnames =
  'Ahmed Alvarez Anand Andersen Banda Bauer Chen Cohen Costa Das Diallo Dubois Eriksen Fernandez Fischer Garcia Gomez Haddad Hansen Hassan Hoang Ibrahim Ivanova Jansen Kamara Kang Kim Kowalski Kumar Lee Li Lima Liu Lopez Mahlangu Martin Mbeki Moreau Moyo Nakamura Nguyen Novak Nowak Okafor Oliveira Park Patel Perera Pereira Rahman Reyes Rossi Sato Sharma Silva Singh Smith Tanaka Tran Wang Weber Wong Yilmaz Zhang Zhou'.split(
    ' ',
  );

export const journals = [
  'Annals of Field Epidemiology',
  'Journal of Outbreak Medicine',
  'Archives of Respiratory Infection',
  'Open Letters in Public Health',
  'International Review of Vector-Borne Disease',
  'Clinical Virology Reports',
  'Health Policy Quarterly',
  'Bulletin of Applied Seroepidemiology',
  'Proceedings in Infection Modelling',
  'Travel and Community Medicine',
] as const;

export const sources = ['PMC', 'Elsevier', 'Medline', 'medRxiv', 'bioRxiv', 'WHO', 'CZI'] as const;

export const licences = ['cc-by', 'cc-by', 'cc-by-nc', 'cc-by-nc-nd', 'els-covid', 'no-cc', 'unk'] as const;
