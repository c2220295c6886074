/** The words that a visitor typed, for LOCATE: it knows no wildcards. */
export const findIds = `SELECT OBJECTID FROM articles WHERE LOCATE(:term, Sentence)
  ORDER BY PublishedDate DESC, OBJECTID LIMIT :limit`;

export const findRows = `SELECT articles.* FROM articles WHERE OBJECTID IN (:ids)
  ORDER BY PublishedDate DESC, OBJECTID`;

export const findArticle = `SELECT articles.*, Readers, LastReadAt
  FROM articles NATURAL JOIN article_reads WHERE OBJECTID = :id`;
