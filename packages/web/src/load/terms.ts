/**
 * Two hundred words that the articles' sentences have often, the commonest first: what a run of load searches for. The first is what the
 * pages search for by themselves.
 */
export const TERMS: readonly string[] = `
delta COVID-19 SARS-CoV-2 week days counts weeks district tested reported authors reports India China
number cases transmission care patients model virus daily contacts public confirmed Brazil health
hospital follow-up Japan samples fell raised ratio delayed influenza effective estimated reproduction
wastewater sampled carried genetic notification conducted associated adjusted odds people living
isolates sequenced clustered strains contrast outbreak driven deaths delaying incidence authorities
traced developed enrolled positive obtained records compared output workers showed antibodies sera
collected introduced cities recorded peak notified evidence sustained ended case returned onset attack
rate reached highest interviews suggest fear search average household Indonesia blood women children
loss swabs Mexico intensive older vaccination study nasopharyngeal Philippines mandatory mask wearing
measles tuberculosis home contact tracing dengue respiratory members index large gatherings avian
travellers chikungunya Zika market traders pregnant mass campaign exit screening airport health-care
Nigeria donors reorganisation triage migrant closure schools hospitalised adults distribution hygiene
kits secondary-school pupils stay-at-home order suspension transport dialysis close Türkiye Germany
residents homes acute disease fever cough Spain Iran throat Pakistan July fatigue shortness breath April
March kidney February November January sore city September June August October renewal-equation
admission neighbouring districts change Canada Africa ventilation agent-based simulation east hospitals
December Mycobacterium mild probably missed
`
  .trim()
  .split(/\s+/);
